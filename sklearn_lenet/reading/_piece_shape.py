"""The shape of a piece: whether it may be one digit, two digits, or half of a digit."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ..images import stroke_width
from ._piece import Piece, box_around

BROAD = 0.9
"""Width/height above which a piece may be two digits."""

WIDE = 1.25
"""Width/height above which a piece is rarely one digit."""

TOO_WIDE = 1.6
"""Width/height above which a piece is never one digit."""

PLAIN_STROKE = 0.22
"""A piece is a nearly straight line if its ink is narrower than this share of its length."""

THICK = 1.5
"""A stroke this many times as thick as the strokes of its piece may be two strokes."""

THICK_LENGTH = 0.12
"""It may be if it is at least this long, as a share of the longer side of the piece."""

MIN_LOOP = 2
"""A hole with fewer pixels of 28x28 than this is not a loop."""


def is_broad(piece: Piece) -> bool:
    """Return whether a piece is wide enough for two narrow digits."""
    return piece.width > BROAD * piece.height


def is_wide(piece: Piece) -> bool:
    """Return whether a piece is wider than most single digits."""
    return piece.width > WIDE * piece.height


def is_too_wide(piece: Piece) -> bool:
    """Return whether a piece is too wide for one digit."""
    return piece.width > TOO_WIDE * piece.height


def is_plain_stroke(piece: Piece) -> bool:
    """Return whether a piece is a nearly straight line: a 1, or one stroke of a digit."""
    places = np.argwhere(piece.mask)
    across, along = np.linalg.eigvalsh(np.atleast_2d(np.cov(places, rowvar=False, ddof=0)))
    return bool(across < PLAIN_STROKE**2 * along)


def has_thick_stroke(piece: Piece) -> bool:
    """Return whether a stroke is as thick as two strokes side by side would be."""
    mask = np.pad(piece.mask, 1)
    radius = THICK * stroke_width(piece.mask) / 2
    core = ndimage.distance_transform_edt(mask) > radius
    if not core.any():
        return False
    thick = mask & (ndimage.distance_transform_edt(~core) <= radius)
    longest = max(
        max(part.stop - part.start for part in parts)
        for parts in ndimage.find_objects(ndimage.label(thick)[0])
    )
    return bool(longest >= THICK_LENGTH * max(piece.height, piece.width))


def has_more_loops(image: NDArray[np.uint8], label: Any) -> bool:
    """Return whether an image of 28x28 has more loops than a digit: more than one, or two in an 8.

    >>> ring = np.zeros((28, 28), dtype=np.uint8)
    >>> ring[4:24, 8:20] = 255
    >>> ring[6:13, 11:17] = ring[15:22, 11:17] = 0
    >>> has_more_loops(ring, 6), has_more_loops(ring, 8)
    (True, False)
    """
    background, n = ndimage.label(np.pad(image, 1) < 128)
    loops = (
        np.bincount(background.ravel(), minlength=n + 1)[2:] >= MIN_LOOP
    )  # 0 is ink, 1 is outside
    return bool(loops.sum() > 1 + (str(label) == "8"))


def joined_halves(first: Piece, second: Piece) -> Piece | None:
    """Return two neighbours as one piece if they may be halves of one digit, else None.

    They may be if they meet or overlap horizontally, are not wide together, and are not two
    straight lines.
    """
    if first.line != second.line or second.box.left > first.box.right:
        return None
    box = box_around([first.box, second.box])
    mask = np.zeros((box.bottom - box.top, box.right - box.left), dtype=bool)
    for piece in (first, second):
        top, left = piece.box.top - box.top, piece.box.left - box.left
        mask[top : top + piece.height, left : left + piece.width] |= piece.mask
    both = Piece(box, mask, first.line)
    if is_wide(both) or (is_plain_stroke(first) and is_plain_stroke(second)):
        return None
    return both
