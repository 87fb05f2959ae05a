"""The width of strokes: measured, and brought to MNIST's."""

from __future__ import annotations

import math

import numpy as np
from scipy import ndimage

from ._ink import Ink, Mask
from ._mnist_form import BOX, FINE, resized

STROKE = 2.6
"""Mean width of MNIST's strokes, in its own pixels, measured as `stroke_width` measures."""

WIDER = 1.25
"""Strokes up to so many times as wide are left as they are; a sixth of MNIST's are wider."""

MOST_THINNED = 0.5
"""Strokes lose no more than this share of their width, lest they break."""

NARROWEST = 2.2
"""Half the width, at ``FINE``, of the narrowest loop; a smaller hole is a gap between dots."""


def stroke_width(mask: Mask) -> float:
    """Return the mean width of strokes: four times the mean distance to their edge.

    >>> bar = np.zeros((40, 40), dtype=bool)
    >>> bar[:, 10:18] = True
    >>> 7.5 < stroke_width(bar) < 9.5
    True
    """
    padded = np.pad(mask, 1)
    inside = ndimage.distance_transform_edt(padded)[padded]
    return float(4 * inside.mean() - 1)


def with_stroke(ink: Ink, level: float, least: float, most: float) -> Mask:
    """Return a digit at ``FINE`` pixels for each of MNIST's, its strokes no thinner and no wider.

    The digit is enlarged, or shrunk, and its edge, where the ink passes ``level``, is moved
    outwards or inwards by the same distance everywhere. Its longer side ends at ``BOX`` of
    MNIST's pixels.
    """
    whole = BOX * FINE
    fine = resized(ink, whole)
    level = min(level, float(fine.max()) / 2)  # a thin line may fade when it is shrunk
    relative = min(stroke_width(fine > level) / whole, 0.6)
    wanted = min(max(relative * whole, least * FINE), most * FINE)
    # Longer side and stroke grow by the same: x + wanted - relative * x = whole.
    longer = (whole - wanted) / (1 - relative)
    moved = (wanted - relative * longer) / 2
    moved = max(moved, -MOST_THINNED * relative * longer / 2)
    longer = whole - 2 * moved
    room = math.ceil(max(moved, 0)) + 2
    mask: Mask = np.pad(resized(ink, longer) > level, room)
    return widened(mask, moved) if moved > 0 else ndimage.distance_transform_edt(mask) > -moved


def widened(mask: Mask, by: float) -> Mask:
    """Return the mask with its edge moved outwards, and every loop that it has still open.

    Into a loop the edge moves less than half way to its middle; what is narrower still is a gap
    between dots, and is filled.

    >>> ring = np.zeros((40, 40), dtype=bool)
    >>> ring[5:35, 5:35] = True
    >>> ring[14:26, 14:26] = False
    >>> bool(widened(ring, 9.0)[20, 20]), bool(widened(ring, 9.0)[0, 20])
    (False, True)
    """
    away = ndimage.distance_transform_edt(~mask)
    wide: Mask = away <= by
    loops, n = ndimage.label(~mask)
    outside = np.concatenate([loops[0], loops[-1], loops[:, 0], loops[:, -1]])
    for loop in set(range(1, n + 1)).difference(outside.tolist()):
        inside = loops == loop
        depth = float(away[inside].max())
        if NARROWEST < depth < 2 * by:
            wide[inside & (away > 0.4 * depth)] = False
    return wide
