"""What the shape of a piece says: one digit, two digits, or half of one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ._piece import Piece, around

BROAD, WIDE, WIDEST = 0.9, 1.25, 1.6
"""Width over height above which a piece could be two digits, is rarely one, and never is."""

SLIM = 0.22
"""Spread of a line's ink across over that along it."""

LOOP = 2
"""A smaller hole, in pixels of 28x28, is none."""


def is_broad(piece: Piece) -> bool:
    """Return whether a piece is so wide that two narrow digits could be in it."""
    return piece.width > BROAD * piece.height


def is_wide(piece: Piece) -> bool:
    """Return whether a piece is wider than most single digits."""
    return piece.width > WIDE * piece.height


def is_too_wide(piece: Piece) -> bool:
    """Return whether a piece is too wide for one digit."""
    return piece.width > WIDEST * piece.height


def is_plain_stroke(piece: Piece) -> bool:
    """Return whether a piece is a line, straight or nearly so: a one, or a stroke of a digit."""
    places = np.argwhere(piece.mask)
    across, along = np.linalg.eigvalsh(np.atleast_2d(np.cov(places, rowvar=False, ddof=0)))
    return bool(across < SLIM**2 * along)


def has_more_loops(image: NDArray[np.uint8], label: Any) -> bool:
    """Return whether a picture of 28x28 has more loops than a digit: one, or two of an eight.

    >>> ring = np.zeros((28, 28), dtype=np.uint8)
    >>> ring[4:24, 8:20] = 255
    >>> ring[6:13, 11:17] = ring[15:22, 11:17] = 0
    >>> has_more_loops(ring, 6), has_more_loops(ring, 8)
    (True, False)
    """
    paper, n = ndimage.label(np.pad(image, 1) < 128)
    loops = np.bincount(paper.ravel(), minlength=n + 1)[2:] >= LOOP  # 0 is ink, 1 the outside
    return bool(loops.sum() > 1 + (str(label) == "8"))


def one_of_halves(first: Piece, second: Piece) -> Piece | None:
    """Return neighbours as one piece where they may be halves of a digit.

    Their extents from left to right meet, together they are not wide, and they are no two lines.
    """
    if first.line != second.line or second.box.left > first.box.right:
        return None
    box = around([first.box, second.box])
    mask = np.zeros((box.bottom - box.top, box.right - box.left), dtype=bool)
    for piece in (first, second):
        top, left = piece.box.top - box.top, piece.box.left - box.left
        mask[top : top + piece.height, left : left + piece.width] |= piece.mask
    both = Piece(box, mask, first.line)
    if is_wide(both) or (is_plain_stroke(first) and is_plain_stroke(second)):
        return None
    return both
