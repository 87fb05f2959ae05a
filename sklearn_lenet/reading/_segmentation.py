"""Segmentation: from a mask to pieces that may be digits, in reading order.

A piece may be several touching digits (see `_touching_digits`) or half of a digit (see
`_piece_shape`).
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ..images import Mask
from ._deskew import DASH_RATIO
from ._piece import Box, Piece, box_around
from ._ruled_lines import NEIGHBOURS
from ._text_lines import in_reading_order

SPECK_SIZE = 0.3
"""A piece whose longer side is less than this share of the usual height is a speck or a dot."""

PART_HEIGHT = 0.55
"""A piece with less than this share of the usual height is part of the digit above or below it."""

REACH = 0.15
"""A speck that is nearer to a digit beside it than this share of the usual height is part of it."""

COMMA_HEIGHT = 0.5
"""A comma has less than this share of the height of the digit beside it, in its lower half."""

COMMA_WIDTH = 0.6
"""The width of a comma is at most this share of its own height."""

MAX_PIECES = 150
"""Only this number of pieces, the largest ones, is read: a page of noise has tens of thousands."""


def pieces_of(mask: Mask) -> list[Piece]:
    """Return the pieces that may be digits in reading order: line by line, from the left.

    Fragments of one digit, which overlap horizontally, are one piece. Pieces that are much smaller
    than the others, commas and dashes are left out.
    """
    labels, usual = _fragments(mask)
    boxes = {
        label: Box(c.start, r.start, c.stop, r.stop)
        for label, (r, c) in enumerate(ndimage.find_objects(labels), start=1)
    }
    tall = [k for k, box in boxes.items() if _longer(box) >= SPECK_SIZE * usual / 2]
    tall = sorted(tall, key=lambda k: -_longer(boxes[k]))[:MAX_PIECES]
    found = []
    groups = _merged([[k] for k in tall], boxes, usual)
    for group in _merged(groups, boxes, usual, reach=REACH):
        box = box_around([boxes[k] for k in group])
        if _longer(box) >= SPECK_SIZE * usual and not _is_dash(box, usual):
            window = labels[box.top : box.bottom, box.left : box.right]
            found.append(Piece(box, np.isin(window, group)))
    return in_reading_order([piece for piece in found if not _is_comma(piece, found)])


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


def _merged(
    groups: list[list[int]], boxes: dict[int, Box], usual: float, reach: float = 0
) -> list[list[int]]:
    """Return groups of fragments that belong together: they overlap horizontally and are near.

    With a ``reach``, a share of the usual height, specks may also be beside another fragment. The
    pairs that overlap most, or are nearest, are merged first.
    """
    while True:
        extents = [box_around([boxes[k] for k in group]) for group in groups]
        pairs = [
            (_shared(extents[a], extents[b]), a, b)
            for a, b in combinations(range(len(groups)), 2)
            if _belong(extents[a], extents[b], usual, reach)
        ]
        if not pairs:
            return groups
        _, a, b = max(pairs)
        both = groups[a] + groups[b]
        groups = [both, *(group for k, group in enumerate(groups) if k not in (a, b))]


def _shared(a: Box, b: Box) -> int:
    """Return by how many pixels two boxes overlap horizontally; below zero, their gap."""
    return min(a.right, b.right) - max(a.left, b.left)


def _belong(a: Box, b: Box, usual: float, reach: float) -> bool:
    shared = _shared(a, b)
    narrower = min(a.right - a.left, b.right - b.left)
    lower, taller = sorted([a.bottom - a.top, b.bottom - b.top])
    if lower < PART_HEIGHT * usual:
        narrower = 0  # part of the digit above or below it
    if lower < SPECK_SIZE * usual:
        shared += round(reach * usual)  # the loose end of a bar
    apart = max(a.top, b.top) - min(a.bottom, b.bottom)
    together = max(a.bottom, b.bottom) - min(a.top, b.top)
    is_one_high = together < max(1.5 * usual, taller + 1)
    return shared > 0.5 * narrower and apart < 0.15 * usual and is_one_high
