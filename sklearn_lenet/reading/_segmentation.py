"""Segmentation: from a mask to pieces that may be digits, in reading order.

A piece may be several touching digits (see `_touching_digits`) or half of a digit (see
`_piece_shape`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ..images import Mask, UnreadableImageError
from ._deskew import DASH_RATIO
from ._merging import SPECK_SIZE, merged
from ._piece import Box, Piece, box_around
from ._ruled_lines import NEIGHBOURS
from ._text_lines import in_reading_order

REACH = 0.15
"""A speck that is nearer to a digit beside it than this share of the usual height is part of it."""

COMMA_HEIGHT = 0.5
"""A comma has less than this share of the height of the digit beside it, in its lower half."""

COMMA_WIDTH = 0.6
"""The width of a comma is at most this share of its own height."""

MOST_PIECES = 2000
"""A page with more pieces is refused: it is noise, or more than a page."""

MOST_FRAGMENTS = 20_000
"""The same for fragments, before they are merged to pieces."""


def pieces_of(mask: Mask) -> list[Piece]:
    """Return the pieces that may be digits in reading order: line by line, from the left.

    Fragments of one digit, which overlap horizontally, are one piece. Pieces that are much smaller
    than the others, commas and dashes are left out. An `UnreadableImageError` is raised if there
    are too many.
    """
    labels, usual = _fragments(mask)
    boxes = {
        label: Box(c.start, r.start, c.stop, r.stop)
        for label, (r, c) in enumerate(ndimage.find_objects(labels), start=1)
    }
    tall = [k for k, box in boxes.items() if _longer(box) >= SPECK_SIZE * usual / 2]
    _check_number(len(tall), MOST_FRAGMENTS)
    tall.sort(key=lambda k: -_longer(boxes[k]))
    found = []
    groups = merged(merged([[k] for k in tall], boxes, usual), boxes, usual, reach=REACH)
    for group in groups:
        box = box_around([boxes[k] for k in group])
        if _longer(box) >= SPECK_SIZE * usual and not _is_dash(box, usual):
            window = labels[box.top : box.bottom, box.left : box.right]
            found.append(Piece(box, np.isin(window, group)))
    _check_number(len(found), MOST_PIECES)
    return in_reading_order([piece for piece in found if not _is_comma(piece, found)])


def _check_number(n: int, most: int) -> None:
    """Raise an error if a page has more pieces than can be read."""
    if n > most:
        raise UnreadableImageError(
            f"the picture contains {n:,} separate strokes, and up to {most:,} are read at once: it "
            "is noise, or should be cut into parts."
        )


def _is_dash(box: Box, usual: float) -> bool:
    """Return whether a box is a dash: flat, and as low as a speck."""
    height, width = box.bottom - box.top, box.right - box.left
    return height < SPECK_SIZE * usual and width > DASH_RATIO * height


def _is_comma(piece: Piece, others: list[Piece]) -> bool:
    """Return whether a piece is a comma, or another small stroke, low beside a digit.

    >>> stem, comma = np.ones((20, 2), dtype=bool), np.ones((6, 2), dtype=bool)
    >>> digits = [Piece(Box(0, 0, 2, 20), stem), Piece(Box(12, 0, 14, 20), stem)]
    >>> _is_comma(Piece(Box(6, 17, 8, 23), comma), digits)
    True
    >>> _is_comma(Piece(Box(6, 0, 8, 6), comma), digits)  # too high for a comma
    False
    """
    slender = piece.width <= COMMA_WIDTH * piece.height
    return (
        slender
        and any(_is_low_beside(piece.box, other.box) for other in others)
        and not (ndimage.binary_fill_holes(piece.mask) & ~piece.mask).any()
    )


def _is_low_beside(low: Box, tall: Box) -> bool:
    height = tall.bottom - tall.top
    gap = max(low.left - tall.right, tall.left - low.right)
    starts_low = (tall.top + tall.bottom) / 2 <= low.top <= tall.bottom
    return low.bottom - low.top < COMMA_HEIGHT * height and gap < height and starts_low


def _fragments(mask: Mask) -> tuple[NDArray[np.intp], float]:
    """Return an array with the number of each pixel's fragment, and the usual height of a digit.

    Dots that nearly touch are one fragment; strokes that nearly touch are separate fragments.
    """
    near, n = ndimage.label(
        ndimage.binary_dilation(mask, structure=NEIGHBOURS), structure=NEIGHBOURS
    )
    if not n:
        return near, 0.0
    near[~mask] = 0
    windows = ndimage.find_objects(near)
    heights = [rows.stop - rows.start for rows, _ in windows]
    usual = float(np.average(heights, weights=np.bincount(near.ravel(), minlength=n + 1)[1:]))
    apart, _ = ndimage.label(mask, structure=NEIGHBOURS)
    strokes_of: dict[int, list[int]] = {}
    for label, (r, c) in enumerate(ndimage.find_objects(apart), start=1):
        if max(r.stop - r.start, c.stop - c.start) >= SPECK_SIZE * usual:
            group_label = int(near[r, c][apart[r, c] == label][0])
            strokes_of.setdefault(group_label, []).append(label)
    for group_label, labels in strokes_of.items():
        if len(labels) > 1:
            # Several strokes in one group: each pixel belongs to the nearest stroke.
            window = windows[group_label - 1]
            strokes = np.where(np.isin(apart[window], labels), apart[window], 0)
            _, nearest = ndimage.distance_transform_edt(strokes == 0, return_indices=True)
            own = near[window] == group_label
            near[window][own] = n + strokes[tuple(nearest)][own]
    _, numbered = np.unique(near, return_inverse=True)
    return numbered.reshape(near.shape), usual


def _longer(box: Box) -> int:
    return max(box.bottom - box.top, box.right - box.left)
