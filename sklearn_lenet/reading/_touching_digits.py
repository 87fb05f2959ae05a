"""Whether pieces are two digits that touch or halves of one, and where to cut: pure, no state."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ..images import Mask
from ._piece import Box, Piece
from ._ruled_lines import EIGHT

MARGIN = 0.15
"""Share of a piece's width at each end in which it is not cut."""

THIN = 0.25
"""The most ink, as a share of the height, where two digits touch."""

TALL = 0.7
"""The least height of a part of a piece, as a share of the piece's, that may be a digit."""

FINEST = 128
"""Pixels of a piece's longer side on which bridges are looked for."""

MOST_STROKES = 4
"""What a column crosses more often is no pair of digits."""

MOST_BRIDGES = 6
"""No more places to cut a piece are tried: the thinnest."""


class Bridge(NamedTuple):
    """A stroke as one column of a piece crosses it."""

    column: int
    start: int
    stop: int

    @property
    def thickness(self) -> int:
        """Its pixels in that column."""
        return self.stop - self.start


def partitions(piece: Piece) -> list[list[Piece]]:
    """Return every way to cut a piece where a bridge may join two digits, each from the left."""
    factor = -(-max(piece.mask.shape) // FINEST)
    coarse = _coarse(piece.mask, factor)
    bridges = _bridges(coarse)
    return [
        parts
        for n in range(1, len(bridges) + 1)
        for chosen in combinations(bridges, n)
        if len(parts := _without(piece, coarse, factor, chosen)) > n
    ]


def _coarse(mask: Mask, factor: int) -> Mask:
    """Return a mask shrunk by a factor; a pixel has ink where any of its own has."""
    height, width = (-(-side // factor) for side in mask.shape)
    padded = np.zeros((height * factor, width * factor), dtype=bool)
    padded[: mask.shape[0], : mask.shape[1]] = mask
    coarse: Mask = padded.reshape(height, factor, width, factor).max(axis=(1, 3))
    return coarse


def _bridges(mask: Mask) -> list[Bridge]:
    """Return the thin places of a piece without which it is two tall parts; few of them.

    Most single digits have no such place: a loop holds together where it is cut once, and
    beside the stem of a seven or the bar of a five there is nothing tall.
    """
    height, width = mask.shape
    found = np.zeros(mask.shape, dtype=bool)
    bridges = []
    for column in range(round(MARGIN * width), width - round(MARGIN * width)):
        strokes = _strokes(mask[:, column])
        if len(strokes) > MOST_STROKES:
            continue
        for start, stop in strokes:
            bridge = Bridge(column, start, stop)
            if bridge.thickness <= THIN * height and len(_tall_parts(mask, [bridge])[1]) == 2:
                found[start:stop, column] = True
                bridges.append(bridge)
    # Of those side by side, the thinnest; of equally thin ones that in the middle.
    stretches, n = ndimage.label(found, structure=EIGHT)
    thinnest = []
    for stretch in range(1, n + 1):
        group = [b for b in bridges if stretches[b.start, b.column] == stretch]
        least = min(b.thickness for b in group)
        thin = [b for b in group if b.thickness == least]
        thinnest.append(thin[len(thin) // 2])
    return sorted(thinnest, key=lambda b: b.thickness)[:MOST_BRIDGES]


def _strokes(column: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return where each stroke that a column crosses begins and ends."""
    edges = np.flatnonzero(np.diff(np.pad(column.astype(np.int8), 1)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _tall_parts(mask: Mask, bridges: Iterable[Bridge]) -> tuple[NDArray[np.intp], list[int]]:
    """Return a map of what is left without the bridges, and the labels of its tall parts."""
    left = mask.copy()
    for bridge in bridges:
        left[bridge.start : bridge.stop, bridge.column] = False
    labels, _ = ndimage.label(left, structure=EIGHT)
    return labels, [
        label
        for label, (rows, _) in enumerate(ndimage.find_objects(labels), start=1)
        if rows.stop - rows.start >= TALL * len(mask)
    ]


def _without(piece: Piece, coarse: Mask, factor: int, bridges: Iterable[Bridge]) -> list[Piece]:
    """Return the tall parts of a piece without the bridges, each with what is nearest to it."""
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
    return sorted(parts, key=lambda part: part.box.left + part.box.right)
