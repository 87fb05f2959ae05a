"""Ruled lines, combs and frames are removed; crossing strokes are kept."""

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

from sklearn_lenet.reading._ruled_lines import long_runs, without_lines


def zeros():
    """Return a mask with three digits of 40 pixels height."""
    page = Image.new("1", (180, 90))
    for left in (20, 70, 120):
        ImageDraw.Draw(page).ellipse((left, 20, left + 24, 59), outline=1, width=6)
    return np.array(page)


PLAIN = zeros()


def test_a_line_below_the_digits_is_removed():
    mask = PLAIN.copy()
    mask[75:77] = True
    assert (without_lines(mask) == PLAIN).all()


def test_a_stroke_that_crosses_a_line_is_kept():
    mask = PLAIN.copy()
    mask[38:40] = True
    kept = without_lines(mask)
    assert kept[38:40, 20:26].all()  # the left side of the first digit
    assert not kept[38:40, 50:65].any()  # between the digits


def test_a_frame_around_a_digit_is_removed():
    mask = PLAIN.copy()
    mask[10:12, 10:54] = mask[68:70, 10:54] = True
    mask[10:70, 10:12] = mask[10:70, 52:54] = True
    assert (without_lines(mask) == PLAIN).all()


def test_digits_alone_stay():
    assert (without_lines(PLAIN) == PLAIN).all()


def test_long_runs_are_a_morphological_opening():
    rng = np.random.default_rng(0)
    for _ in range(100):
        mask = rng.random((rng.integers(1, 30), rng.integers(1, 60))) < rng.random()
        length = int(rng.integers(1, 20))
        opened = ndimage.binary_opening(mask, structure=np.ones((1, length), dtype=bool))
        assert (long_runs(mask, length) == opened).all()
