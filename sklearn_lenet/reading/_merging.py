"""Fragments of one digit, merged: those that overlap horizontally and are near."""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

from ._piece import Box

SPECK_SIZE = 0.3
"""A piece whose longer side is less than this share of the usual height is a speck or a dot."""

PART_HEIGHT = 0.55
"""A piece with less than this share of the usual height is part of the digit above or below it."""

Extents = NDArray[np.float64]
"""One row for each group of fragments: left, top, right and bottom."""


def merged(
    groups: list[list[int]], boxes: dict[int, Box], usual: float, reach: float = 0
) -> list[list[int]]:
    """Return groups of fragments that belong together: they overlap horizontally and are near.

    With a ``reach``, a share of the usual height, specks may also be beside another fragment. The
    pairs that overlap most, or are nearest, are merged first.
    """
    n = len(groups)
    if not n:
        return groups
    # A merged group comes before all others: the groups begin at n, and n - 1 is the first merged.
    extents = np.empty((2 * n, 4))
    for k, group in enumerate(groups, start=n):
        extents[k] = _around(np.array([boxes[label] for label in group], dtype=np.float64))
    members = dict(enumerate(groups, start=n))
    alive = np.arange(2 * n) >= n
    queue = [
        (-shared, -(n + a), -(n + b)) for shared, a, b in _near_pairs(extents[n:], usual, reach)
    ]
    heapq.heapify(queue)  # of pairs that overlap equally, the last one comes first
    both = n
    while queue:
        a, b = (-index for index in heapq.heappop(queue)[1:])
        if not (alive[a] and alive[b]):
            continue
        both -= 1
        members[both] = members.pop(a) + members.pop(b)
        extents[both] = _around(extents[[a, b]])
        alive[[a, b]] = False
        others = np.flatnonzero(alive)
        for shared, other in _partners(extents[both], extents[others], usual, reach):
            heapq.heappush(queue, (-shared, -both, -int(others[other])))
        alive[both] = True
    return [members[k] for k in sorted(members)]


def _around(extents: Extents) -> Extents:
    return np.concatenate([extents[:, :2].min(axis=0), extents[:, 2:].max(axis=0)])


def _near_pairs(extents: Extents, usual: float, reach: float) -> list[tuple[float, int, int]]:
    """Return the overlap of all pairs that belong together, and their indices."""
    order = np.argsort(extents[:, 0], kind="stable")
    ordered = extents[order]
    ends = np.searchsorted(ordered[:, 0], ordered[:, 2] + round(reach * usual), side="right")
    pairs = []
    for k, end in enumerate(ends.tolist()):
        for shared, other in _partners(ordered[k], ordered[k + 1 : end], usual, reach):
            a, b = sorted((int(order[k]), int(order[k + 1 + other])))
            pairs.append((shared, a, b))
    return pairs


def _partners(one: Extents, others: Extents, usual: float, reach: float) -> list[tuple[float, int]]:
    """Return the overlap and the index of each of the others that belongs to a group."""
    left, top, right, bottom = others.T
    shared = np.minimum(right, one[2]) - np.maximum(left, one[0])  # below zero: the gap
    heights, height = bottom - top, one[3] - one[1]
    lower, taller = np.minimum(heights, height), np.maximum(heights, height)
    narrower = np.minimum(right - left, one[2] - one[0])
    narrower = np.where(lower < PART_HEIGHT * usual, 0, narrower)  # part of the digit above it
    loose_end = np.where(lower < SPECK_SIZE * usual, round(reach * usual), 0)
    apart = np.maximum(top, one[1]) - np.minimum(bottom, one[3])
    together = np.maximum(bottom, one[3]) - np.minimum(top, one[1])
    is_one_high = together < np.maximum(1.5 * usual, taller + 1)
    belong = (shared + loose_end > 0.5 * narrower) & (apart < 0.15 * usual) & is_one_high
    found = np.flatnonzero(belong)
    return list(zip(shared[found].tolist(), found.tolist(), strict=True))
