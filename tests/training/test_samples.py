"""Samples: selection, zero weights, the split, and labels as codes."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from sklearn_lenet.training._samples import Samples, encode


def test_the_split_is_stratified_seeded_and_complete():
    codes = np.repeat([0, 1, 2], [10, 20, 70])
    samples = Samples(np.arange(100)[:, None], codes, np.arange(100.0))
    training, validation = samples.split(0.2, 7)
    assert np.bincount(validation.codes).tolist() == [2, 4, 14]
    both = np.concatenate([training.rows, validation.rows])
    assert_array_equal(np.sort(both, axis=0), samples.rows)
    for part in (training, validation):
        assert_array_equal(part.codes, codes[part.rows[:, 0]])
        assert_array_equal(part.weights, part.rows[:, 0])
    unweighted = Samples(samples.rows, codes)
    assert_array_equal(unweighted.split(0.2, 7)[1].rows, validation.rows)
    assert not np.array_equal(unweighted.split(0.2, 8)[1].rows, validation.rows)


def test_rows_of_weight_zero_are_left_out():
    samples = Samples(np.arange(3)[:, None], np.array([0, 1, 1]), np.array([1.0, 0.0, 2.0]))
    kept = samples.without_zero_weights()
    assert len(kept) == 2
    assert kept.rows.ravel().tolist() == [0, 2]
    assert kept.codes.tolist() == [0, 1]
    assert kept.weights.tolist() == [1.0, 2.0]
    unweighted = Samples(samples.rows, samples.codes)
    assert unweighted.without_zero_weights() is unweighted


def test_labels_become_indices_of_the_sorted_classes():
    classes = np.array(["a", "b", "c"])
    assert encode(["c", "a", "c"], classes, "y", "Net").tolist() == [2, 0, 2]
    with pytest.raises(
        ValueError, match=r"y_val contains the labels \['d'\], but the classes of Net"
    ):
        encode(["a", "d"], classes, "y_val", "Net")
