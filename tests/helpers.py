"""What the tests of both classifiers share."""

import numpy as np
import pytest

from sklearn_lenet import DenseDigitClassifier, LeNet5Classifier

BOTH = pytest.mark.parametrize("Classifier", [LeNet5Classifier, DenseDigitClassifier])


def quick(Classifier=LeNet5Classifier, **settings):
    """Return a seeded classifier that makes two passes."""
    return Classifier(**{"max_epochs": 2, "random_state": 0} | settings)


def text(digits):
    """Return the labels that `read_digits` found, as one word."""
    return "".join(str(digit.label) for digit in digits)


def drawn(*strokes):
    """Return a row with these slices of 28x28 in white."""
    image = np.zeros((28, 28), dtype=np.uint8)
    for rows, columns in strokes:
        image[slice(*rows), slice(*columns)] = 255
    return image.ravel()


ONE = drawn(((4, 24), (13, 15)))
SEVEN = drawn(((4, 6), (8, 20)), ((4, 24), (18, 20)))
ZERO = drawn(((4, 24), (9, 11)), ((4, 24), (17, 19)), ((4, 6), (9, 19)), ((22, 24), (9, 19)))
