"""Digits drawn from strokes: how many are added, MNIST's form, variety, unknown labels."""

import numpy as np
import pytest
from helpers import ONE, SEVEN
from numpy.random import RandomState
from numpy.testing import assert_array_equal

from sklearn_lenet import add_drawn_digits
from sklearn_lenet.datasets._drawn_digits import drawn_digits
from sklearn_lenet.images import BOX, SIDE


def test_drawn_digits_have_mnists_form():
    rows, labels = drawn_digits(np.array(["0", "1", "2", "7"] * 5), RandomState(0))
    assert rows.dtype == np.uint8
    assert rows.shape == (20, SIDE * SIDE)
    assert labels.tolist() == ["0", "1", "2", "7"] * 5
    for image in rows.reshape(-1, SIDE, SIDE):
        inked = image > 0
        sides = [np.ptp(np.flatnonzero(inked.any(axis=axis))) + 1 for axis in (0, 1)]
        assert BOX - 1 <= max(sides) <= BOX + 1
        assert image.max() == 255
        ink = image / image.sum()
        centre = ink.sum(axis=1) @ np.arange(SIDE), ink.sum(axis=0) @ np.arange(SIDE)
        assert centre == pytest.approx((SIDE / 2, SIDE / 2), abs=1)


def test_no_two_are_equal_and_the_seed_determines_all():
    labels = np.array(["8"] * 30)
    rows, _ = drawn_digits(labels, RandomState(1))
    assert len(np.unique(rows, axis=0)) == 30
    np.testing.assert_array_equal(rows, drawn_digits(labels, RandomState(1))[0])


def test_a_label_without_styles_is_left_out():
    rows, labels = drawn_digits(np.array(["a", "3", "+"]), RandomState(0))
    assert labels.tolist() == ["3"]
    assert len(rows) == 1
    assert drawn_digits(np.array(["a"]), RandomState(0))[0].shape == (0, SIDE * SIDE)


@pytest.mark.parametrize("kind", [int, str, np.uint8, object])
def test_fifteen_of_a_hundred_are_added_and_all_labels_are_as_frequent(kind):
    X, y = np.stack([ONE, SEVEN, ONE, ONE, SEVEN] * 8), np.array([1, 7, 1, 1, 7] * 8).astype(kind)
    more, labels = add_drawn_digits(X, y, random_state=0)
    assert_array_equal(more[:40], X)
    assert (more.dtype, labels.dtype) == (np.uint8, y.dtype)
    assert labels[40:].tolist() == np.array([1, 7, 1, 7, 1, 7]).astype(kind).tolist()
    again, _ = add_drawn_digits(X, y, random_state=0)
    assert_array_equal(more, again)
    assert (more != add_drawn_digits(X, y, random_state=1)[0]).any()


def test_rows_with_labels_that_have_no_styles_come_back_alone():
    X, y = np.stack([ONE] * 20), np.array(["a"] * 20)
    more, labels = add_drawn_digits(X, y, random_state=0)
    assert_array_equal(more, X)
    assert_array_equal(labels, y)
    more, labels = add_drawn_digits(np.stack([ONE] * 20), ["a", "3"] * 10)
    assert labels.tolist() == ["a", "3"] * 10 + ["3"] * 3
