"""What the tests of both classifiers share."""

import pytest

from sklearn_lenet import DenseDigitClassifier, LeNet5Classifier

BOTH = pytest.mark.parametrize("Classifier", [LeNet5Classifier, DenseDigitClassifier])


def quick(Classifier=LeNet5Classifier, **settings):
    """Return a seeded classifier that makes two passes."""
    return Classifier(**{"max_epochs": 2, "random_state": 0} | settings)


def text(digits):
    """Return the labels that `read_digits` found, as one word."""
    return "".join(str(digit.label) for digit in digits)
