"""The shapes of pieces, by hand."""

import numpy as np
import pytest

from sklearn_lenet.reading._piece import Box, Piece
from sklearn_lenet.reading._piece_shape import (
    has_more_loops,
    has_thick_stroke,
    is_broad,
    is_plain_stroke,
    is_too_wide,
    is_wide,
    joined_halves,
)


def stroke(height, width):
    return Piece(Box(0, 0, width, height), np.ones((height, width), dtype=bool))


@pytest.mark.parametrize(
    ("width", "broad", "wide", "too_wide"),
    [(90, False, False, False), (91, True, False, False), (126, True, True, False),
     (161, True, True, True)],
)  # fmt: skip
def test_broad_wide_and_too_wide_by_hand(width, broad, wide, too_wide):
    piece = stroke(100, width)
    assert (is_broad(piece), is_wide(piece), is_too_wide(piece)) == (broad, wide, too_wide)


def test_a_line_is_a_plain_stroke_and_a_square_is_not():
    assert is_plain_stroke(stroke(50, 5))
    assert not is_plain_stroke(stroke(50, 40))
    mask = np.eye(40, dtype=bool)
    assert is_plain_stroke(Piece(Box(0, 0, 40, 40), mask))


@pytest.mark.parametrize(
    ("loops", "label", "more"), [(1, 4, False), (2, 4, True), (2, "8", False), (3, 8, True)]
)
def test_loops_are_counted(loops, label, more):
    image = np.zeros((28, 28), np.uint8)
    for k in range(loops):
        image[2 + 8 * k : 9 + 8 * k, 8:20] = 255
        image[4 + 8 * k : 7 + 8 * k, 11:17] = 0
    assert has_more_loops(image, label) is more


def test_halves_that_overlap_are_joined_at_their_places():
    upper = Piece(Box(10, 10, 30, 20), np.ones((10, 20), dtype=bool))
    lower = Piece(Box(12, 24, 28, 44), np.ones((20, 16), dtype=bool))
    whole = joined_halves(upper, lower)
    assert whole.box == (10, 10, 30, 44)
    assert whole.mask.sum() == 10 * 20 + 20 * 16
    assert not whole.mask[10:14].any()


def test_pieces_that_cannot_be_halves_are_not_joined():
    first = stroke(40, 20)
    apart = first._replace(box=Box(30, 0, 50, 40))
    below = first._replace(line=1)
    wide = Piece(Box(10, 0, 70, 40), np.ones((40, 60), dtype=bool))
    assert [joined_halves(first, second) for second in (apart, below, wide)] == [None] * 3
    line = stroke(40, 4)
    assert joined_halves(line, line._replace(box=Box(3, 0, 7, 40))) is None


@pytest.mark.parametrize(
    ("thickness", "length", "is_thick"), [(4, 14, False), (14, 14, True), (14, 4, False)]
)
def test_a_stroke_as_thick_as_two(thickness, length, is_thick):
    mask = np.zeros((60, 30), dtype=bool)
    mask[:, :4] = mask[:4] = True
    mask[20 : 20 + length, :thickness] = True
    assert has_thick_stroke(Piece(Box(0, 0, 30, 60), mask, 0)) == is_thick
