"""The valid values of parameters, and the error for an unknown name."""

import inspect

import pytest

from sklearn_lenet import DenseDigitClassifier, LeNet5Classifier
from sklearn_lenet.estimators._parameter_checks import CONSTRAINTS, check_names


def test_an_unknown_name_is_answered_with_a_similar_one():
    check_names(["lr"], ["lr", "tol"], "Net")
    with pytest.raises(ValueError, match=r"^Net has no parameter 'lrr': did you mean 'lr'\?$"):
        check_names(["lrr"], ["lr", "tol"], "Net")
    with pytest.raises(
        ValueError, match=r"^Net has no parameter 'q': use one of \['lr', 'tol'\].$"
    ):
        check_names(["q"], ["tol", "lr"], "Net")


@pytest.mark.parametrize("Classifier", [LeNet5Classifier, DenseDigitClassifier])
def test_every_parameter_has_a_constraint(Classifier):
    parameters = set(inspect.signature(Classifier).parameters)
    assert parameters == set(Classifier._parameter_constraints)
    assert set(CONSTRAINTS) < parameters
