"""The picture of a line: its size, its ink, overlapping and cut digits, both polarities."""

import numpy as np
import pytest
from helpers import ONE, ZERO
from numpy.random import RandomState

from sklearn_lenet.datasets._line_digits import Patch, hands_of
from sklearn_lenet.datasets._line_picture import (
    _gaps,
    _own_height,
    _with_pen,
    _written,
    picture_of,
)

HANDS = hands_of(np.stack([ONE, ZERO] * 5), np.array(["1", "0"] * 5), 100, RandomState(0))


def test_pictures_are_grey_and_of_different_sizes():
    pictures = [picture_of("1001", HANDS, np.random.default_rng(seed)) for seed in range(40)]
    assert all(picture.dtype == np.uint8 and picture.ndim == 2 for picture in pictures)
    heights, widths = np.array([picture.shape for picture in pictures]).T
    assert heights.min() > 15
    assert heights.max() < 130
    assert np.ptp(widths) > 50


def test_the_same_seed_gives_the_same_picture():
    one, same, other = (picture_of("10", HANDS, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert one.shape != other.shape or not np.array_equal(one, other)


def test_some_lines_are_light_on_dark():
    pictures = [picture_of("10", HANDS, np.random.default_rng(seed)) for seed in range(100)]
    dark = np.mean([np.median(picture) < 80 for picture in pictures])
    assert 0.02 < dark < 0.35


@pytest.mark.parametrize(
    ("name", "lowest", "highest"), [("1", 1.0, 1.4), ("0", 0.7, 1.0), ("7", 1.0, 1.0)]
)
def test_some_ones_are_higher_and_some_zeros_lower_than_other_digits(name, lowest, highest):
    random = np.random.default_rng(0)
    factors = np.array([_own_height(name, random) for _ in range(300)])
    assert lowest <= factors.min() <= factors.max() <= highest
    assert np.mean(factors != 1) == pytest.approx(0.4 if lowest < highest else 0, abs=0.08)


def test_digits_stand_side_by_side_from_the_left():
    patches = [Patch(np.full((20, 8), 255, dtype=np.uint8), 0.0) for _ in range(4)]
    for seed in range(20):
        canvas, frame = _written(patches, 20, np.random.default_rng(seed))
        ink = canvas[:, int(frame.left) : int(frame.right)]
        assert ink.shape[1] >= 4 * 8 - 3 * 8
        assert frame.height == pytest.approx(20, abs=0.5)
        assert canvas.sum() / 255 <= 4 * 160


def test_digits_touch_overlap_or_stand_apart():
    gaps = np.concatenate([_gaps(8, 30, np.random.default_rng(seed)) for seed in range(300)])
    assert 0.1 < np.mean(gaps < 0) < 0.4
    assert 0.05 < np.mean(gaps > 10) < 0.3


def test_a_pen_changes_strokes_but_no_background():
    ink = np.zeros((30, 60), dtype=np.float32)
    ink[10:20, 20:30] = 1
    areas = []
    for seed in range(50):
        changed = _with_pen(ink, np.random.default_rng(seed))
        assert changed.min() == 0
        assert changed.max() == 1
        assert changed[0].max() == 0
        areas.append(float(changed.sum()))
    assert min(areas) >= 100
    assert max(areas) > 120
