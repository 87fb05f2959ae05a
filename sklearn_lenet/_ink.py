"""From a picture to a digit as MNIST has it: pure steps on arrays, each to be tried alone.

Paper is 0 and ink 1 from `ink_of` on, whatever the colours were. Measures of MNIST's making:
the digit's longer side is 20 pixels, its strokes about `STROKE` wide, its centre of mass in
the middle of 28x28.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from ._sources import NoDigitFoundError, Picture

Ink = NDArray[np.float32]
"""A map of 0, paper, to 1, ink."""
Mask = NDArray[np.bool_]

SIDE, BOX = 28, 20
STROKE = 2.6
"""Mean width of MNIST's strokes, in its own pixels, measured as `stroke_width` measures."""
WIDER = 1.25
"""Strokes up to so many times as wide are left as they are; a sixth of MNIST's are wider."""
FINE = 8
"""Pixels a side that stand for one of MNIST's while strokes are widened or narrowed."""
FAINTEST = 0.08
"""Less contrast than this between ink and paper is none."""
DARKEST = 0.25
"""Darker paper counts as this dark, lest its noise be taken for ink."""
CLEAR = 9
"""How many times more must lie on one side of the border's grey to say where ink is."""
SMALLEST = 6
"""A picture needs so many pixels a side."""
MOST_THINNED = 0.5
"""Strokes lose no more than this share of their width, lest they break."""
PALEST = 0.5
"""Paler strokes than this share of the darkest count as if they were so dark."""
NEAR = 3
"""How many strokes' widths around a pixel say how dark its pen is."""
NARROWEST = 2.2
"""Half the width, at ``FINE``, of the narrowest loop; a smaller hole is a gap between dots."""
SPECK = 0.02
"""Ink of less than this share of the largest piece is dirt."""


def is_mnist_already(picture: Picture) -> bool:
    """Return whether a picture has MNIST's form: 28x28, white on black, its box and its centre.

    >>> digit = np.zeros((28, 28, 3), dtype=np.float32)
    >>> digit[4:24, 13:15] = 1
    >>> is_mnist_already(digit), is_mnist_already(1 - digit), is_mnist_already(digit[:27])
    (True, False, False)
    """
    if picture.shape != (SIDE, SIDE, 3) or not _is_grey(picture):
        return False
    grey = picture[:, :, 0]
    rows, columns = np.nonzero(grey)
    if not len(rows) or max(np.ptp(rows), np.ptp(columns)) + 1 != BOX or grey.max() < 0.5:
        return False
    middle = np.array(ndimage.center_of_mass(grey))
    return bool(np.abs(middle - SIDE / 2).max() <= 1)


def is_light_on_dark(plane: NDArray[np.float32]) -> bool:
    """Return whether the ink of one colour's plane is lighter than its paper.

    Ink leaves most of the border free, so the border's median is paper, and ink is on the side
    where more of the picture lies. Where uneven light blurs that, strokes tell: they are what
    stands out from its near surroundings.
    """
    rim = np.concatenate([plane[0], plane[-1], plane[:, 0], plane[:, -1]])
    away = plane - np.median(rim)
    lighter = float((np.clip(away, 0, None) ** 2).sum())
    darker = float((np.clip(away, None, 0) ** 2).sum())
    if max(lighter, darker) > CLEAR * min(lighter, darker):
        return lighter > darker
    details = plane - ndimage.gaussian_filter(plane, max(plane.shape) / 10, mode="nearest")
    return float((details.astype(np.float64) ** 3).sum()) > 0


def paper_of(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the light paper under dark ink: the plane without what is thinner than a third of it.

    Its unevenness, a shadow or a gradient, is wider than any stroke: a closing takes the strokes
    out, a blur the steps that it leaves.
    """
    height, width = plane.shape
    shrink = max(1, math.ceil(max(height, width) / 96))
    small = _shrunk(plane, shrink)
    reach = max(3, round(max(small.shape) / 3)) | 1
    closed = ndimage.grey_closing(small, size=(reach, reach), mode="nearest")
    closed = ndimage.gaussian_filter(closed, reach / 6, mode="nearest")
    rows = np.clip((np.arange(height) + 0.5) / shrink - 0.5, 0, closed.shape[0] - 1)
    columns = np.clip((np.arange(width) + 0.5) / shrink - 0.5, 0, closed.shape[1] - 1)
    at = np.meshgrid(rows, columns, indexing="ij")
    paper: NDArray[np.float32] = ndimage.map_coordinates(closed, at, order=1)
    return paper


def ink_of(picture: Picture) -> Ink:
    """Return how much ink is on each pixel, of any colour on paper of any colour and evenness.

    >>> page = np.ones((30, 30, 3), dtype=np.float32)
    >>> page[5:25, 14:17] = (0.9, 0.9, 0.1)  # yellow, hardly darker than white
    >>> ink = ink_of(page)
    >>> bool(ink[15, 15] > 0.8), bool(ink[15, 3] < 0.1)
    (True, True)
    """
    planes = [picture[:, :, 0]] if _is_grey(picture) else list(np.moveaxis(picture, 2, 0))
    covered = []
    for plane in planes:
        plane = 1 - plane if is_light_on_dark(plane) else plane
        paper = paper_of(plane)
        covered.append(np.clip((paper - plane) / np.maximum(paper, DARKEST), 0, 1))
    ink: Ink = np.max(covered, axis=0)
    return ink


def _is_grey(picture: Picture) -> bool:
    return bool((picture[:, :, :1] == picture[:, :, 1:]).all())


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


def cropped(values: NDArray[Any], mask: Mask) -> NDArray[Any]:
    """Return the part of the values in the mask's bounding box."""
    (rows, columns) = ndimage.find_objects(mask.astype(np.int8))[0]
    part: NDArray[Any] = values[rows, columns]
    return part


def resized(ink: Ink, longer: float) -> Ink:
    """Return the ink with so many pixels on its longer side, averaged or interpolated."""
    scale = longer / max(ink.shape)
    height, width = (max(1, round(side * scale)) for side in ink.shape)
    image = Image.fromarray(np.ascontiguousarray(ink, dtype=np.float32))
    return np.asarray(image.resize((width, height), Image.Resampling.BILINEAR))


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


def centred(mask: Mask) -> NDArray[np.uint8]:
    """Return a digit of ``FINE`` pixels for one on 28x28, centre of mass in the middle."""
    whole = SIDE * FINE
    canvas = np.zeros((2 * whole, 2 * whole), dtype=np.uint8)
    height, width = mask.shape
    sums = (mask.sum(axis=1), mask.sum(axis=0))
    top, left = (round(whole - 0.5 - at @ np.arange(len(at)) / at.sum()) for at in sums)
    canvas[top : top + height, left : left + width] = mask
    canvas = canvas[whole // 2 : 3 * whole // 2, whole // 2 : 3 * whole // 2]
    counts = canvas.reshape(SIDE, FINE, SIDE, FINE).sum(axis=(1, 3))
    return np.asarray(np.rint(counts * (255 / FINE**2)), dtype=np.uint8)


def _shrunk(plane: NDArray[np.float32], factor: int) -> NDArray[np.float32]:
    """Return block means; what does not fill a block at the edge repeats its last pixels."""
    height, width = plane.shape
    padded = np.pad(plane, ((0, -height % factor), (0, -width % factor)), mode="edge")
    blocks = padded.reshape(len(padded) // factor, factor, -1, factor)
    means: NDArray[np.float32] = blocks.mean(axis=(1, 3))
    return means
