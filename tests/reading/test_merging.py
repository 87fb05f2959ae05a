"""The merging of fragments is that of the definition: the pair that overlaps most comes first."""

from itertools import combinations

import numpy as np
import pytest

from sklearn_lenet.reading._merging import PART_HEIGHT, SPECK_SIZE, merged
from sklearn_lenet.reading._piece import Box, box_around


def belong(a, b, usual, reach):
    shared = min(a.right, b.right) - max(a.left, b.left)
    narrower = min(a.right - a.left, b.right - b.left)
    lower, taller = sorted([a.bottom - a.top, b.bottom - b.top])
    if lower < PART_HEIGHT * usual:
        narrower = 0
    if lower < SPECK_SIZE * usual:
        shared += round(reach * usual)
    apart = max(a.top, b.top) - min(a.bottom, b.bottom)
    together = max(a.bottom, b.bottom) - min(a.top, b.top)
    is_one_high = together < max(1.5 * usual, taller + 1)
    return shared > 0.5 * narrower and apart < 0.15 * usual and is_one_high


def by_definition(groups, boxes, usual, reach):
    """Look at all pairs again after each merge; of equal overlaps, the last pair comes first."""
    while True:
        extents = [box_around([boxes[k] for k in group]) for group in groups]
        pairs = [
            (min(extents[a].right, extents[b].right) - max(extents[a].left, extents[b].left), a, b)
            for a, b in combinations(range(len(groups)), 2)
            if belong(extents[a], extents[b], usual, reach)
        ]
        if not pairs:
            return groups
        _, a, b = max(pairs)
        both = groups[a] + groups[b]
        groups = [both, *(group for k, group in enumerate(groups) if k not in (a, b))]


@pytest.mark.parametrize("reach", [0, 0.15])
def test_groups_are_those_of_the_definition(reach):
    for seed in range(400):
        rng = np.random.default_rng(seed)
        n = rng.integers(1, 12)
        corners = rng.integers(0, 100, (n, 2)) * [10, 1.5]
        sizes = 10 * rng.integers(1, 20, (n, 2))
        boxes = {
            k + 1: Box(int(x), int(y), int(x + w), int(y + h))
            for k, ((x, y), (w, h)) in enumerate(zip(corners, sizes, strict=True))
        }
        expected = by_definition([[k] for k in boxes], boxes, 100.0, reach)
        assert merged([[k] for k in boxes], boxes, 100.0, reach) == expected, seed


def test_no_groups():
    assert merged([], {}, 0.0) == []
