"""Ruled lines and the boxes of forms, removed from a mask."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from ..images import Mask

NEIGHBOURS = np.ones((3, 3), dtype=bool)
"""The pixels that touch a pixel, also by a corner."""


def without_lines(mask: Mask) -> Mask:
    """Return the mask without ruled lines and the boxes of forms.

    A ruled line is a straight run that is much longer than the digits are high. The vertical sides
    of boxes reach from one ruled line to the next. Where a stroke crosses a line, it is kept.
    """
    level, thickness = _runs(mask, _long_enough(mask))
    if not level.any():
        return _without_frames(mask)
    upright = _sides(mask & ~level, level)
    lines = ndimage.binary_dilation(level | upright, structure=NEIGHBOURS) & mask
    return _without_frames((mask & ~lines) | _crossed(mask, lines, thickness))


def _long_enough(mask: Mask) -> int:
    """Return the smallest length of a ruled line: three times the usual height of a piece."""
    heights = [height for height, width in _sizes(mask) if width < 3 * height]
    usual = float(np.median(heights)) if heights else float(mask.shape[0])
    return max(int(min(3 * usual, 0.6 * mask.shape[1])), 12)


def _sizes(mask: Mask) -> list[tuple[int, int]]:
    pieces, _ = ndimage.label(mask, structure=NEIGHBOURS)
    found = ndimage.find_objects(pieces)
    sizes = [(r.stop - r.start, c.stop - c.start) for r, c in found]
    tallest = max((height for height, _ in sizes), default=1)
    return [size for size in sizes if max(size) > 0.15 * tallest]


def _runs(mask: Mask, length: int) -> tuple[Mask, int]:
    """Return the pixels of long horizontal runs, and the thickness of the thickest one.

    The ink is thickened first, so that a line with a skew of a pixel or two is found as well.
    """
    thick = ndimage.binary_dilation(mask, structure=np.ones((3, 1), dtype=bool))
    runs = long_runs(thick, length) & mask
    lines, n = ndimage.label(runs, structure=NEIGHBOURS)
    found = ndimage.find_objects(lines)
    for index, (rows, columns) in enumerate(found, start=1):
        if rows.stop - rows.start > 0.2 * (columns.stop - columns.start):
            runs[rows, columns] &= lines[rows, columns] != index  # a blot, not a line
    thickness = int(runs.sum(axis=0).max(initial=0))
    return runs, min(thickness, mask.shape[0] // 8) if n else 0


def long_runs(mask: Mask, length: int) -> Mask:
    """Return the pixels of horizontal runs of at least this length.

    >>> long_runs(np.array([[1, 1, 0, 1, 1, 1]], dtype=bool), 3).astype(int)
    array([[0, 0, 0, 1, 1, 1]])
    """
    height, width = mask.shape
    padded = np.zeros((height, width + 2), dtype=np.int8)
    padded[:, 1:-1] = mask
    changes = np.diff(padded, axis=1).ravel()  # 1 where a run begins, -1 behind its end
    starts, ends = np.flatnonzero(changes == 1), np.flatnonzero(changes == -1)
    long = ends - starts >= length
    kept = np.zeros(height * (width + 1), dtype=np.int8)
    kept[starts[long]], kept[ends[long]] = 1, -1
    runs: Mask = np.cumsum(kept, dtype=np.int8).reshape(height, width + 1)[:, :width] > 0
    return runs


def _sides(mask: Mask, level: Mask) -> Mask:
    """Return the vertical runs that reach from one ruled line to the next."""
    rows = np.flatnonzero(level.sum(axis=1) > 0.5 * level.sum(axis=1).max())
    gaps = np.diff(rows)
    between = gaps[gaps > 5]
    if not len(between):
        return np.zeros_like(mask)
    length = max(5, round(0.85 * float(between.min())))
    thick = ndimage.binary_dilation(mask, structure=np.ones((1, 3), dtype=bool))
    runs = long_runs(thick.T, length).T & mask
    near = ndimage.binary_dilation(level, structure=np.ones((7, 1), dtype=bool))
    sides, n = ndimage.label(runs, structure=NEIGHBOURS)
    kept = np.zeros(n + 1, dtype=bool)
    for index, (rows_, columns) in enumerate(ndimage.find_objects(sides), start=1):
        ends = (
            near[rows_.start : rows_.start + 3, columns],
            near[rows_.stop - 3 : rows_.stop, columns],
        )
        kept[index] = all(end.any() for end in ends)
    kept_runs: Mask = kept[sides]
    return kept_runs


def _crossed(mask: Mask, lines: Mask, thickness: int) -> Mask:
    """Return the pixels of lines that a stroke crosses: there is ink above and below them."""
    bare = mask & ~lines
    reach = np.ones((2 * thickness + 5, 1), dtype=bool)
    above, below = reach.copy(), reach.copy()
    above[: len(reach) // 2] = False
    below[len(reach) // 2 + 1 :] = False
    crossed: Mask = (
        lines
        & ndimage.binary_dilation(bare, structure=above)
        & ndimage.binary_dilation(bare, structure=below)
    )
    return crossed


def _without_frames(mask: Mask) -> Mask:
    """Return the mask without closed frames: pieces whose ink runs along all four sides."""
    pieces, _ = ndimage.label(mask, structure=NEIGHBOURS)
    bare = mask.copy()
    for index, (rows, columns) in enumerate(ndimage.find_objects(pieces), start=1):
        piece = pieces[rows, columns] == index
        band = max(2, round(0.08 * min(piece.shape)))
        if min(piece.shape) < 12:
            continue
        sides = (
            piece[:band].any(0),
            piece[-band:].any(0),
            piece[:, :band].any(1),
            piece[:, -band:].any(1),
        )
        if min(side.mean() for side in sides) > 0.9:
            inner = np.zeros_like(piece)
            inner[band:-band, band:-band] = True
            bare[rows, columns] &= ~piece | inner
    return bare
