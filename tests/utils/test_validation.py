"""Checks of shapes, types, labels and weights; `test_errors` has more of bad images."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator

from sklearn_lenet.utils._validation import (
    PIXEL_TYPES,
    check_images,
    check_labels,
    check_sample_weight,
)


class Net(BaseEstimator):
    """An estimator that only checks."""


@pytest.mark.parametrize(
    ("given", "checked"),
    [(np.uint8, np.uint8), (np.float32, np.float32), (np.float64, np.float32), (int, np.float32)],
)
def test_images_become_rows_of_the_listed_types(given, checked):
    net, images = Net(), np.arange(24).reshape(2, 3, 4).astype(given)
    rows, y = check_images(net, images, dtype=PIXEL_TYPES, reset=True)
    assert (rows.shape, rows.dtype, y) == ((2, 12), checked, None)
    assert (net.image_shape_, net.n_features_in_) == ((3, 4), 12)
    with pytest.raises(ValueError, match="X contains images of 4x3, but Net was fitted on 3x4"):
        check_images(net, images.reshape(2, 4, 3), dtype=PIXEL_TYPES, reset=False)


def test_labels_must_be_classes():
    check_labels(["a", "b"], "Net")
    with pytest.raises(ValueError, match="Unknown label type: continuous; Net needs classes in y"):
        check_labels([0.5, 1.5], "Net")


def test_weights_are_checked():
    rows = np.zeros((2, 1))
    assert check_sample_weight(None, rows) is None
    assert check_sample_weight([0, 2], rows).tolist() == [0.0, 2.0]
    with pytest.raises(ValueError, match="sample_weight contains -3: use 0 or more"):
        check_sample_weight([1, -3], rows)
    with pytest.raises(ValueError, match="sample_weight is zero for every row: at least one"):
        check_sample_weight([0, 0], rows)
