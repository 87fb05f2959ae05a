"""What all estimators with a net have: the module, the last loss, parameters by name."""

import pytest
from helpers import BOTH, quick

from sklearn_lenet import DigitStringReader
from sklearn_lenet.estimators import FittedNet


@BOTH
def test_the_module_is_that_of_the_net_and_the_loss_is_the_last_one(digits, Classifier):
    model = quick(Classifier).fit(digits[0][:200], digits[1][:200])
    assert model.module_ is model.net_.module_
    assert model.loss_ == model.loss_curve_[-1]


@pytest.mark.parametrize("Estimator", FittedNet.__subclasses__())
def test_only_final_classes_are_instantiated(Estimator):
    with pytest.raises(TypeError, match="abstract"):
        Estimator()


def test_the_reader_has_a_net_as_the_classifiers_have():
    assert issubclass(DigitStringReader, FittedNet)
