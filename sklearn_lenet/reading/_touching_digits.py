"""Touching digits: the places where a piece can be cut into digits."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ..images import Mask
from ._piece import Box, Piece
from ._ruled_lines import NEIGHBOURS

UNCUT_ENDS = 0.15
"""Share of the width of a piece at each end in which it is not cut."""

BRIDGE_THICKNESS = 0.25
"""The largest thickness of a stroke between two digits, as a share of the height."""

PART_OF_HEIGHT = 0.7
"""The smallest height of a part that may be a digit, as a share of the height of the piece."""

MAX_SIDE = 128
"""Bridges are searched for on at most this number of pixels along the longer side."""

MAX_STROKES = 4
"""A column that crosses more strokes than this is not between two digits."""

MAX_BRIDGES = 6
"""Only this number of places to cut a piece, the thinnest, is tried."""


class Bridge(NamedTuple):
    """The part of a stroke in one column of a piece, where the piece may be cut."""

    column: int
    start: int
    stop: int

    @property
    def thickness(self) -> int:
        """Its pixels in that column."""
        return self.stop - self.start


def partitions(piece: Piece) -> list[list[Piece]]:
    """Return every way to cut a piece where a bridge may join two digits, each from the left."""
    factor = -(-max(piece.mask.shape) // MAX_SIDE)
    coarse = _coarse(piece.mask, factor)
    bridges = _bridges(coarse)
    return [
        parts
        for n in range(1, len(bridges) + 1)
        for chosen in combinations(bridges, n)
        if len(parts := _without(piece, coarse, factor, chosen)) > n
    ]


def _coarse(mask: Mask, factor: int) -> Mask:
    """Return a mask reduced by a factor; a pixel has ink if any of its original pixels has."""
    height, width = (-(-side // factor) for side in mask.shape)
    padded = np.zeros((height * factor, width * factor), dtype=bool)
    padded[: mask.shape[0], : mask.shape[1]] = mask
    coarse: Mask = padded.reshape(height, factor, width, factor).max(axis=(1, 3))
    return coarse


def _bridges(mask: Mask) -> list[Bridge]:
    """Return a few thin places of a piece at which a cut leaves two tall parts.

    Most single digits have no such place: a loop that is cut once is still connected, and beside
    the stem of a 7 or the bar of a 5 there is no tall part.
    """
    height, width = mask.shape
    found = np.zeros(mask.shape, dtype=bool)
    bridges = []
    for column in range(round(UNCUT_ENDS * width), width - round(UNCUT_ENDS * width)):
        strokes = _strokes(mask[:, column])
        if len(strokes) > MAX_STROKES:
            continue
        for start, stop in strokes:
            bridge = Bridge(column, start, stop)
            if (
                bridge.thickness <= BRIDGE_THICKNESS * height
                and len(_tall_parts(mask, [bridge])[1]) == 2
            ):
                found[start:stop, column] = True
                bridges.append(bridge)
    # Of neighbouring bridges the thinnest is kept; of equally thin ones, the one in the middle.
    stretches, n = ndimage.label(found, structure=NEIGHBOURS)
    thinnest = []
    for stretch in range(1, n + 1):
        group = [b for b in bridges if stretches[b.start, b.column] == stretch]
        least = min(b.thickness for b in group)
        thin = [b for b in group if b.thickness == least]
        thinnest.append(thin[len(thin) // 2])
    return sorted(thinnest, key=lambda b: b.thickness)[:MAX_BRIDGES]


def _strokes(column: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the start and the end of each stroke that a column crosses."""
    edges = np.flatnonzero(np.diff(np.pad(column.astype(np.int8), 1)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _tall_parts(mask: Mask, bridges: Iterable[Bridge]) -> tuple[NDArray[np.intp], list[int]]:
    """Return the numbered parts of the mask without the bridges, and the numbers of tall parts."""
    left = mask.copy()
    for bridge in bridges:
        left[bridge.start : bridge.stop, bridge.column] = False
    labels, _ = ndimage.label(left, structure=NEIGHBOURS)
    return labels, [
        label
        for label, (rows, _) in enumerate(ndimage.find_objects(labels), start=1)
        if rows.stop - rows.start >= PART_OF_HEIGHT * len(mask)
    ]


def _without(piece: Piece, coarse: Mask, factor: int, bridges: Iterable[Bridge]) -> list[Piece]:
    """Return the tall parts of a piece without the bridges, each with the ink nearest to it."""
    labels, tall = _tall_parts(coarse, bridges)
    away = ndimage.distance_transform_edt(
        ~np.isin(labels, tall), return_distances=False, return_indices=True
    )
    nearest = labels[tuple(away)].repeat(factor, axis=0).repeat(factor, axis=1)
    owner = np.where(piece.mask, nearest[: piece.height, : piece.width], 0)
    windows = ndimage.find_objects(owner)
    parts = []
    for label in tall:
        rows, columns = windows[label - 1]
        left, top = piece.box.left + columns.start, piece.box.top + rows.start
        right, bottom = piece.box.left + columns.stop, piece.box.top + rows.stop
        mask = owner[rows, columns] == label
        parts.append(Piece(Box(left, top, right, bottom), mask, piece.line))
    return sorted(parts, key=lambda part: part.middle)
