"""From a map of ink to a mask: the threshold between ink and background, without specks."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from ._errors import NoDigitFoundError
from ._ink import Ink, Mask
from ._stroke_width import stroke_width

FAINTEST = 0.08
"""Less contrast than this between ink and paper is none."""

SMALLEST = 6
"""A picture needs so many pixels a side."""

PALEST = 0.5
"""Paler strokes than this share of the darkest count as if they were so dark."""

NEAR = 3
"""How many strokes' widths around a pixel say how dark its pen is."""

SPECK = 0.02
"""Ink of less than this share of the largest piece is dirt."""


def threshold(ink: Ink) -> float:
    """Return the value that parts ink from paper best: Otsu's, over 256 steps."""
    counts, edges = np.histogram(ink, bins=256, range=(0, 1))
    weights = counts / counts.sum()
    middles = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(weights)
    mass = np.cumsum(weights * middles)
    with np.errstate(divide="ignore", invalid="ignore"):
        between = (mass[-1] * below - mass) ** 2 / (below * (1 - below))
    between = np.nan_to_num(between)
    best = between >= between.max() * (1 - 1e-6)
    return float(edges[1:][best].mean())


def evened(ink: Ink, level: float) -> Ink:
    """Return the ink with pale strokes as dark as dark ones, of which more is than ``level``.

    >>> page = np.zeros((40, 60), dtype=np.float32)
    >>> page[5:35, 10:14], page[5:35, 40:44] = 1.0, 0.6
    >>> round(float(evened(page, 0.5)[20, 42]), 2), float(evened(page, 0.5)[20, 12])
    (1.0, 1.0)
    """
    mask = ink > level
    if not mask.any():
        return ink
    darkest = float(np.percentile(ink[mask], 90))
    around = max(3, round(NEAR * stroke_width(mask)))
    pen = ndimage.uniform_filter(ndimage.maximum_filter(ink, around), around)
    even: Ink = ink * np.maximum(darkest / np.maximum(pen, PALEST * darkest), 1)
    return even


def mask_of(ink: Ink, name: str = "the picture", *, pens: bool = False) -> Mask:
    """Return where ink is; specks are left out.

    With ``pens``, the pale strokes of a page of more than one pen count as much as the dark ones.
    A single digit is to be read without: what is pale there is the edge of a stroke.

    Raises a `NoDigitFoundError` where there is none.
    """
    if min(ink.shape) < SMALLEST:
        raise NoDigitFoundError(
            f"{name} is {ink.shape[1]}x{ink.shape[0]} pixels: {SMALLEST} a side are the least."
        )
    level = threshold(ink)
    mask: Mask = (evened(ink, level) if pens else ink) > level
    parted = ink.max() >= FAINTEST and 0 < mask.mean() < 1
    if not parted or float(ink[mask].mean() - ink[~mask].mean()) < FAINTEST:
        raise NoDigitFoundError(f"{name} is blank: no ink stands out from the paper.")
    mask = without_specks(mask)
    if not mask.any():
        raise NoDigitFoundError(f"{name} holds nothing but specks.")
    return mask


def without_specks(mask: Mask) -> Mask:
    """Return the mask without pieces that are far smaller than the largest.

    Pieces that nearly touch count as one, so that a dotted stroke stays.
    """
    reach = max(1, round(max(mask.shape) / 50))
    near = ndimage.binary_dilation(mask, iterations=reach)
    pieces, n = ndimage.label(near, structure=np.ones((3, 3)))
    if n <= 1:
        return mask
    sizes = np.bincount(pieces[mask], minlength=n + 1)
    sizes[0] = 0
    kept = sizes >= max(2, SPECK * sizes.max())
    without: Mask = mask & kept[pieces]
    return without
