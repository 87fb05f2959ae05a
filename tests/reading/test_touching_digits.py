"""Where a piece can be cut."""

import itertools

import numpy as np
import pytest

from sklearn_lenet.reading import _piece
from sklearn_lenet.reading import _touching_digits as touching
from sklearn_lenet.reading._piece import Box


def piece_of(drawing, scale=4):
    """Return a piece from lines of text; each # is a square of ``scale`` pixels."""
    drawn = np.array([[mark == "#" for mark in line] for line in drawing.split()])
    mask = drawn.repeat(scale, axis=0).repeat(scale, axis=1)
    return _piece.Piece(Box(5, 7, 5 + mask.shape[1], 7 + mask.shape[0]), mask, line=2)


PAIR = "##..## ##..## ###### ##..## ##..##"
TRIPLE = "##..##..## ##..##..## ########## ##..##..## ##..##..##"


@pytest.mark.parametrize("scale", [4, 61])  # the larger one is cut on a coarser grid
@pytest.mark.parametrize(("drawing", "counts"), [(PAIR, [2]), (TRIPLE, [2, 2, 3])])
def test_a_piece_is_cut_where_bridges_are(drawing, counts, scale):
    piece = piece_of(drawing, scale)
    ways = touching.partitions(piece)
    assert [len(parts) for parts in ways] == counts
    for parts in ways:
        boxes = [part.box for part in parts]
        assert (boxes[0].left, boxes[-1].right) == (piece.box.left, piece.box.right)
        assert all(a.right <= b.left for a, b in itertools.pairwise(boxes))
        assert sum(part.mask.sum() for part in parts) == piece.mask.sum()
        assert {(box.top, box.bottom) for box in boxes} == {(7, 7 + 5 * scale)}
        assert {part.line for part in parts} == {2}


@pytest.mark.parametrize(
    "drawing",
    [
        "###### ##..## ##..## ##..## ######",  # a loop
        "###### ....## ...##. ..##.. .##...",  # a 7
        "###### ##.... ####.. ..##.. ####..",  # a 5
        "...### ..#### .#..## #...## ....##",  # a 1 with a long upstroke
    ],
)
def test_single_digits_have_no_bridge(drawing):
    assert touching.partitions(piece_of(drawing)) == []


def test_noise_is_not_cut():
    mask = np.random.default_rng(0).random((700, 900)) < 0.4
    assert touching.partitions(_piece.Piece(Box(0, 0, 900, 700), mask)) == []
