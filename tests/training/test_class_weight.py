"""Weights of classes: by hand, balanced, and with weights of rows."""

import numpy as np
import pytest
from helpers import BOTH, quick
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.utils.class_weight import compute_sample_weight

from sklearn_lenet import DenseDigitClassifier
from sklearn_lenet.training._class_weight import row_weights

CODES = np.array([0, 0, 0, 1, 2, 2])
CLASSES = np.array([3, 5, 8])


def test_weights_by_hand():
    assert row_weights(None, CODES, None, CLASSES) is None
    rows = row_weights({3: 2.0, 8: 0.0}, CODES, None, CLASSES)
    assert rows.tolist() == [2, 2, 2, 1, 0, 0]
    rows = row_weights({5: 3}, CODES, np.arange(6.0), CLASSES)
    assert rows.tolist() == [0, 1, 2, 9, 4, 5]


def test_balanced_is_scikit_learns():
    rows = row_weights("balanced", CODES, None, CLASSES)
    assert_allclose(rows, compute_sample_weight("balanced", CODES))


def test_balanced_takes_a_weight_for_repeated_rows():
    times = np.array([1, 2, 3, 1, 0, 4])
    weighted = row_weights("balanced", CODES, times.astype(float), CLASSES)
    repeated = row_weights("balanced", CODES.repeat(times), None, CLASSES)
    assert_allclose(weighted.sum(), repeated.sum())
    assert_allclose(weighted[times > 0] / times[times > 0], repeated[np.r_[0, 1, 3, 6, 7]])


def test_balanced_knows_nothing_of_a_class_that_is_not_there():
    rows = row_weights("balanced", np.array([0, 0, 2]), None, CLASSES)
    assert rows.tolist() == [0.75, 0.75, 1.5]


@BOTH
def test_class_weights_are_row_weights(digits, Classifier):
    X, y = digits[0][:200], digits[1][:200]
    by_class = quick(Classifier, class_weight={1: 5.0, 7: 0.0}).fit(X, y)
    rows = np.where(y == 1, 5.0, np.where(y == 7, 0.0, 1.0))
    by_row = quick(Classifier).fit(X, y, sample_weight=rows)
    assert_array_equal(by_class.predict_proba(X), by_row.predict_proba(X))
    assert 7 in by_class.classes_


def test_balanced_gives_a_rare_class_its_half_in_small_batches_too():
    X, y = np.zeros((400, 4)), np.where(np.arange(400) < 20, "rare", "common")  # nothing to see
    shares = [
        quick(DenseDigitClassifier, class_weight=w, lr=0.02, max_epochs=80)
        .fit(X, y)
        .predict_proba(X[:1])[0, 1]
        for w in (None, "balanced")
    ]
    assert shares == pytest.approx([0.05, 0.5], abs=0.02)


BAD = {
    "absent label": ({12: 1.0}, r"class_weight contains the label 12, but the classes are \[0, 1"),
    "negative": ({1: -1.0}, "the weight -1.0 for 1: use a finite number of 0 or more"),
    "infinite": ({1: np.inf}, "class_weight contains the weight inf for 1"),
    "a string": ({0: "a"}, "class_weight contains the weight 'a' for 0"),
    "too large": ({0: 10**400}, r"class_weight contains the weight 1000\d*\.\.\. for 0"),
    "huge": ({0: 10**5000}, "class_weight contains the weight a very large integer for 0"),
    "NaN": ({1: np.nan}, "class_weight contains the weight nan for 1"),
    "all zero": (
        dict.fromkeys(range(10), 0.0),
        "class_weight and sample_weight give every row the weight zero",
    ),
    "unknown word": ("even", "'class_weight' parameter .* {'balanced'}"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_class_weights(digits, case):
    class_weight, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        quick(DenseDigitClassifier, class_weight=class_weight).fit(*digits)
