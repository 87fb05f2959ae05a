"""The width of strokes is measured, and brought to MNIST's."""

import itertools

import numpy as np
import pytest
from drawn_seven import PLAIN, read, seven
from scipy import ndimage

from sklearn_lenet import DigitImageReader
from sklearn_lenet.images._mnist_form import BOX, FINE, cropped, resized
from sklearn_lenet.images._stroke_width import STROKE, stroke_width


def stroke_of(digit):
    """Return the width of a digit's strokes in pixels of 28x28."""
    return stroke_width(ndimage.zoom(digit / 255, FINE, order=1) > 0.5) / FINE


@pytest.mark.parametrize(("width", "becomes"), [(2, 2.6), (4, 2.6), (7, 2.6), (15, 3.5), (18, 3.5)])
def test_strokes_become_as_wide_as_mnists(width, becomes):
    assert stroke_of(read(seven(width=width))) == pytest.approx(becomes, abs=0.5)


def test_strokes_within_mnists_range_keep_their_width():
    widths = [stroke_of(read(seven(width=width))) for width in (8, 9, 11, 12)]
    assert all(wide > slim + 0.05 for slim, wide in itertools.pairwise(widths))
    assert widths[-1] > 1.2 * widths[0]


def test_mnists_own_strokes_have_that_width(mnist):
    widths = []
    for row in mnist[0][:300]:
        ink = row.reshape(28, 28).astype(np.float32) / 255
        fine = resized(cropped(ink, ink > 0.5), BOX * FINE) > 0.5
        widths.append(stroke_width(fine) / FINE)
    assert np.median(widths) == pytest.approx(STROKE, abs=0.1)


def test_another_stroke_width():
    wide = DigitImageReader(stroke_width=4).transform([seven()])
    assert wide.astype(int).sum() > 1.2 * PLAIN.astype(int).sum()
