"""From a map of ink to separate digits, in the order in which one reads: pure, no state.

A piece may be several digits that touch, or half of one: see ``_touching``.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ..images import Mask
from ._deskew import FLAT
from ._piece import Box, Piece, around
from ._ruled_lines import EIGHT
from ._text_lines import in_reading_order

SMALL = 0.3
"""What has less than this share of the usual height, and of it in width, is a speck or a dot."""

SHORT = 0.55
"""What has less than this share of the usual height is a part of the digit over or under it."""

REACH = 0.15
"""What is as low as a speck is a part of a digit beside it that is so near in usual heights."""

COMMA = 0.5
"""A comma begins in the lower half of the digit beside it, is lower than this share of it ..."""

SLENDER = 0.6
"""... and its width is at most this share of its own height."""

MOST = 150
"""No more pieces are looked at: a page of noise has tens of thousands."""


def pieces_of(mask: Mask) -> list[Piece]:
    """Return the pieces that may be digits, in reading order: line by line, from the left.

    Fragments of one digit, whose extents from left to right overlap, are one piece; what is
    much smaller than the rest is dirt; commas and dashes are left out.
    """
    labels, usual = _fragments(mask)
    boxes = {
        label: Box(c.start, r.start, c.stop, r.stop)
        for label, (r, c) in enumerate(ndimage.find_objects(labels), start=1)
    }
    tall = [k for k, box in boxes.items() if _longer(box) >= SMALL * usual / 2]
    tall = sorted(tall, key=lambda k: -_longer(boxes[k]))[:MOST]
    found = []
    groups = _merged([[k] for k in tall], boxes, usual)
    for group in _merged(groups, boxes, usual, reach=REACH):
        box = around([boxes[k] for k in group])
        if _longer(box) >= SMALL * usual and not _is_dash(box, usual):
            window = labels[box.top : box.bottom, box.left : box.right]
            found.append(Piece(box, np.isin(window, group)))
    return in_reading_order([piece for piece in found if not _is_comma(piece, found)])


def _is_dash(box: Box, usual: float) -> bool:
    """Return whether a box is flat, and as low as a speck."""
    height, width = box.bottom - box.top, box.right - box.left
    return height < SMALL * usual and width > FLAT * height


def _is_comma(piece: Piece, others: list[Piece]) -> bool:
    """Return whether a piece is a comma, or as small a loose end, low beside a digit.

    >>> stem, comma = np.ones((20, 2), dtype=bool), np.ones((6, 2), dtype=bool)
    >>> digits = [Piece(Box(0, 0, 2, 20), stem), Piece(Box(12, 0, 14, 20), stem)]
    >>> _is_comma(Piece(Box(6, 17, 8, 23), comma), digits)
    True
    >>> _is_comma(Piece(Box(6, 0, 8, 6), comma), digits)  # up there it is none
    False
    """
    slender = piece.width <= SLENDER * piece.height
    return (
        slender
        and any(_is_low_beside(piece.box, other.box) for other in others)
        and not (ndimage.binary_fill_holes(piece.mask) & ~piece.mask).any()
    )


def _is_low_beside(low: Box, tall: Box) -> bool:
    height = tall.bottom - tall.top
    gap = max(low.left - tall.right, tall.left - low.right)
    starts_low = (tall.top + tall.bottom) / 2 <= low.top <= tall.bottom
    return low.bottom - low.top < COMMA * height and gap < height and starts_low


def _fragments(mask: Mask) -> tuple[NDArray[np.intp], float]:
    """Return a map of numbered fragments of digits, and the usual height of a digit.

    Dots of a stroke that nearly touch are one fragment; two strokes that nearly touch are not.
    """
    near, n = ndimage.label(ndimage.binary_dilation(mask, structure=EIGHT), structure=EIGHT)
    if not n:
        return near, 0.0
    near[~mask] = 0
    windows = ndimage.find_objects(near)
    heights = [rows.stop - rows.start for rows, _ in windows]
    usual = float(np.average(heights, weights=np.bincount(near.ravel(), minlength=n + 1)[1:]))
    apart, _ = ndimage.label(mask, structure=EIGHT)
    strokes_of: dict[int, list[int]] = {}
    for label, (r, c) in enumerate(ndimage.find_objects(apart), start=1):
        if max(r.stop - r.start, c.stop - c.start) >= SMALL * usual:
            heap = int(near[r, c][apart[r, c] == label][0])
            strokes_of.setdefault(heap, []).append(label)
    for heap, labels in strokes_of.items():
        if len(labels) > 1:
            # Several strokes in one heap: each pixel goes to the nearest of them.
            window = windows[heap - 1]
            strokes = np.where(np.isin(apart[window], labels), apart[window], 0)
            _, nearest = ndimage.distance_transform_edt(strokes == 0, return_indices=True)
            own = near[window] == heap
            near[window][own] = n + strokes[tuple(nearest)][own]
    _, numbered = np.unique(near, return_inverse=True)
    return numbered.reshape(near.shape), usual


def _longer(box: Box) -> int:
    return max(box.bottom - box.top, box.right - box.left)


def _merged(
    groups: list[list[int]], boxes: dict[int, Box], usual: float, reach: float = 0
) -> list[list[int]]:
    """Return which fragments belong together: they overlap sideways, and are near in height.

    With a ``reach`` in usual heights, the lowest may as well be that far beside another. Those
    that overlap the most, or are the nearest, come together first.
    """
    while True:
        extents = [around([boxes[k] for k in group]) for group in groups]
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
    """Return how far two boxes overlap sideways; their gap, below zero, where they do not."""
    return min(a.right, b.right) - max(a.left, b.left)


def _belong(a: Box, b: Box, usual: float, reach: float) -> bool:
    shared = _shared(a, b)
    narrower = min(a.right - a.left, b.right - b.left)
    lower, taller = sorted([a.bottom - a.top, b.bottom - b.top])
    if lower < SHORT * usual:
        narrower = 0  # a stroke of the digit that it reaches over or under
    if lower < SMALL * usual:
        shared += round(reach * usual)  # the end of a bar
    apart = max(a.top, b.top) - min(a.bottom, b.bottom)
    together = max(a.bottom, b.bottom) - min(a.top, b.top)
    is_one_high = together < max(1.5 * usual, taller + 1)
    return shared > 0.5 * narrower and apart < 0.15 * usual and is_one_high
