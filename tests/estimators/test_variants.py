"""The variants of the command line: valid parameters, and their training rows."""

import numpy as np
import pytest
from helpers import ONE

from sklearn_lenet import DenseDigitClassifier, LeNet5Classifier
from sklearn_lenet.estimators._variants import PICTURES, VARIANTS, make_variant, training_rows


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_variant_has_valid_parameters(variant):
    model = make_variant(variant, max_epochs=1)
    assert model._validate_params() is None
    assert model.max_epochs == 1
    assert type(model) is (DenseDigitClassifier if variant == "dense" else LeNet5Classifier)


def test_only_the_variant_for_pictures_has_more_rows():
    X, y = np.tile(ONE, (20, 1)), np.ones(20, dtype=int)
    assert training_rows("default", X, y, 0)[0] is X
    more, labels = training_rows(PICTURES, X, y, 0)
    # 20 with an upstroke, 15 drawn ones for each 100 of these 40, and a tenth as non-digits.
    assert len(more) == len(labels) == 40 + 6 + 5
    assert (labels == -1).sum() == 5
