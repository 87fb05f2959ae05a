"""The width of strokes: how it is measured, and how it is changed to MNIST's."""

from __future__ import annotations

import math

import numpy as np
from scipy import ndimage

from ._mnist_form import BOX, FINE, resized
from ._picture_to_ink import Ink, Mask

STROKE = 2.6
"""Mean width of MNIST's strokes in pixels of 28x28, measured with `stroke_width`."""

WIDTH_TOLERANCE = 1.25
"""Strokes up to this many times the requested width keep their width: a sixth of MNIST's
strokes are even wider."""

MAX_THINNING = 0.5
"""Strokes lose at most this share of their width, so that they do not break."""

NARROWEST_LOOP = 2.2
"""Half the width, in ``FINE`` pixels, of the narrowest loop; a smaller hole is a gap between dots
and is filled."""


def stroke_width(mask: Mask) -> float:
    """Return the mean width of strokes: four times the mean distance to their edge, minus one.

    >>> bar = np.zeros((40, 40), dtype=bool)
    >>> bar[:, 10:18] = True
    >>> 7.5 < stroke_width(bar) < 9.5
    True
    """
    padded = np.pad(mask, 1)
    to_edge = ndimage.distance_transform_edt(padded)[padded]
    return float(4 * to_edge.mean() - 1)


def with_stroke(ink: Ink, threshold: float, narrowest: float, widest: float) -> Mask:
    """Return a digit as a mask of ``FINE`` scale, with strokes between the two widths.

    The digit is scaled, and its edge, where the ink passes ``threshold``, is moved outwards or
    inwards by the same distance everywhere. At the end its longer side has ``BOX`` of MNIST's
    pixels. The widths are in MNIST's pixels too.
    """
    fine_box = BOX * FINE
    fine = resized(ink, fine_box)
    threshold = min(threshold, float(fine.max()) / 2)  # a thin line may fade when it is shrunk
    relative = min(stroke_width(fine > threshold) / fine_box, 0.6)
    wanted = min(max(relative * fine_box, narrowest * FINE), widest * FINE)
    # Moving the edge makes the longer side and the strokes larger by the same amount. Solve
    # longer_side + (wanted - relative * longer_side) = fine_box for the side before the move.
    longer_side = (fine_box - wanted) / (1 - relative)
    shift = (wanted - relative * longer_side) / 2
    shift = max(shift, -MAX_THINNING * relative * longer_side / 2)
    longer_side = fine_box - 2 * shift
    margin = math.ceil(max(shift, 0)) + 2
    final = resized(ink, longer_side)
    mask: Mask = np.pad(final > min(threshold, float(final.max()) / 2), margin)
    if shift > 0:
        return widened(mask, shift)
    thinned: Mask = ndimage.distance_transform_edt(mask) > -shift
    return thinned if thinned.any() else mask  # texture may be thinner than its mean width


def widened(mask: Mask, by: float) -> Mask:
    """Return the mask with its edge moved outwards; its loops stay open.

    Inside a loop the edge moves less than half way to the middle. A hole that is too narrow for a
    loop is a gap between dots, and is filled.

    >>> ring = np.zeros((40, 40), dtype=bool)
    >>> ring[5:35, 5:35] = True
    >>> ring[14:26, 14:26] = False
    >>> bool(widened(ring, 9.0)[20, 20]), bool(widened(ring, 9.0)[0, 20])
    (False, True)
    """
    to_ink = ndimage.distance_transform_edt(~mask)
    wide: Mask = to_ink <= by
    holes, n = ndimage.label(~mask)
    outside = np.concatenate([holes[0], holes[-1], holes[:, 0], holes[:, -1]])
    for hole in set(range(1, n + 1)).difference(outside.tolist()):
        inside = holes == hole
        depth = float(to_ink[inside].max())
        if NARROWEST_LOOP < depth < 2 * by:
            wide[inside & (to_ink > 0.4 * depth)] = False
    return wide
