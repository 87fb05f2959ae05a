"""From an ink map to a mask: the threshold between ink and background, and removal of specks."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from ._errors import NoDigitFoundError
from ._picture_to_ink import Ink, Mask
from ._stroke_width import stroke_width

MIN_CONTRAST = 0.08
"""A picture whose ink and background differ by less than this is blank."""

MIN_SIDE = 6
"""A picture has at least this many pixels on each side."""

PALEST_PEN = 0.5
"""A pen paler than this share of the darkest ink is treated as if it had this share."""

PEN_NEIGHBOURHOOD = 3
"""The darkness of a pen is measured in a square of this many stroke widths around a pixel."""

SPECK_SIZE = 0.02
"""A piece with fewer pixels than this share of the largest piece is a speck."""


def otsu_threshold(ink: Ink) -> float:
    """Return the threshold that best separates ink from background: Otsu's, with 256 bins."""
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


def with_even_pens(ink: Ink, threshold: float) -> Ink:
    """Return the ink map with pale strokes made as dark as dark strokes.

    Values above ``threshold`` count as strokes.

    >>> page = np.zeros((40, 60), dtype=np.float32)
    >>> page[5:35, 10:14], page[5:35, 40:44] = 1.0, 0.6
    >>> even = with_even_pens(page, 0.5)
    >>> round(float(even[20, 42]), 2), float(even[20, 12])
    (1.0, 1.0)
    """
    mask = ink > threshold
    if not mask.any():
        return ink
    darkest = float(np.percentile(ink[mask], 90))
    size = max(3, round(PEN_NEIGHBOURHOOD * stroke_width(mask)))
    pen = ndimage.uniform_filter(ndimage.maximum_filter(ink, size), size)
    even: Ink = ink * np.maximum(darkest / np.maximum(pen, PALEST_PEN * darkest), 1)
    return even


def mask_of(ink: Ink, name: str = "the picture", *, pens: bool = False) -> Mask:
    """Return where the ink is, without specks.

    With ``pens=True``, pale strokes count as much as dark ones: use it for pages that may be
    written with several pens. Do not use it for a single digit: there, pale pixels are the edges
    of strokes.

    Raises a `NoDigitFoundError` where there is no ink.
    """
    if min(ink.shape) < MIN_SIDE:
        raise NoDigitFoundError(
            f"{name} has {ink.shape[1]}x{ink.shape[0]} pixels; at least {MIN_SIDE} on each side "
            "are needed."
        )
    threshold = otsu_threshold(ink)
    mask: Mask = (with_even_pens(ink, threshold) if pens else ink) > threshold
    has_both = ink.max() >= MIN_CONTRAST and 0 < mask.mean() < 1
    if not has_both or float(ink[mask].mean() - ink[~mask].mean()) < MIN_CONTRAST:
        raise NoDigitFoundError(f"{name} is blank: no ink stands out from the background.")
    mask = without_specks(mask)
    if not mask.any():
        raise NoDigitFoundError(f"{name} contains only specks.")
    return mask


def without_specks(mask: Mask) -> Mask:
    """Return the mask without the pieces that are much smaller than the largest one.

    Pieces that almost touch count as one piece, so that a dotted stroke is kept.
    """
    reach = max(1, round(max(mask.shape) / 50))
    joined = ndimage.binary_dilation(mask, iterations=reach)
    pieces, n = ndimage.label(joined, structure=np.ones((3, 3)))
    if n <= 1:
        return mask
    sizes = np.bincount(pieces[mask], minlength=n + 1)
    sizes[0] = 0
    large = sizes >= max(2, SPECK_SIZE * sizes.max())
    without: Mask = mask & large[pieces]
    return without
