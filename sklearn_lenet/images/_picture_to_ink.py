"""From a picture to an ink map: 0 is background and 1 is ink, whatever the colours are."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ._open_picture import Picture

Ink = NDArray[np.float32]
"""An ink map has values from 0 (background) to 1 (ink)."""

Mask = NDArray[np.bool_]
"""A mask is true where there is ink."""

DARKEST_BACKGROUND = 0.25
"""A darker background is treated as this dark, so that its noise is not taken for ink."""

COARSE_SIDE = 96
"""The background and the surroundings are computed on this many blocks along the longer side."""

CLEAR_RATIO = 9
"""If a picture deviates from its border's grey this many times more to the lighter or to the
darker side, ink is on that side."""


def is_light_on_dark(plane: NDArray[np.float32]) -> bool:
    """Return whether the ink in one colour plane is lighter than its background.

    Ink leaves most of the border free, so the median of the border is the background's grey. Ink
    is on the side, lighter or darker, to which the picture deviates more from this grey. If uneven
    light makes this unclear, fine details decide: strokes differ from their near surroundings.
    """
    border = np.concatenate([plane[0], plane[-1], plane[:, 0], plane[:, -1]])
    deviation = plane - np.median(border)
    lighter = float((np.clip(deviation, 0, None) ** 2).sum())
    darker = float((np.clip(deviation, None, 0) ** 2).sum())
    if max(lighter, darker) > CLEAR_RATIO * min(lighter, darker):
        return lighter > darker
    small, shrink = _coarse(plane)
    surroundings = ndimage.gaussian_filter(small, max(small.shape) / 10, mode="nearest")
    details = plane - _enlarged(surroundings, shrink, plane.shape)
    return float((details.astype(np.float64) ** 3).sum()) > 0


def background_of(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the light background under dark ink.

    A shadow or a gradient is wider than any stroke. A morphological closing therefore removes
    what is narrower than a third of the plane, and a blur smooths the steps that the closing
    leaves.
    """
    small, shrink = _coarse(plane)
    reach = max(3, round(max(small.shape) / 3)) | 1
    closed = ndimage.grey_closing(small, size=(reach, reach), mode="nearest")
    closed = ndimage.gaussian_filter(closed, reach / 6, mode="nearest")
    return _enlarged(closed, shrink, plane.shape)


def ink_of(picture: Picture) -> Ink:
    """Return how much ink each pixel has, for any colours and any unevenness of the light.

    >>> page = np.ones((30, 30, 3), dtype=np.float32)
    >>> page[5:25, 14:17] = (0.9, 0.9, 0.1)  # yellow, only slightly darker than white
    >>> ink = ink_of(page)
    >>> bool(ink[15, 15] > 0.8), bool(ink[15, 3] < 0.1)
    (True, True)
    """
    planes = [picture[:, :, 0]] if is_grey(picture) else list(np.moveaxis(picture, 2, 0))
    ink_of_planes = []
    for plane in planes:
        plane = 1 - plane if is_light_on_dark(plane) else plane
        background = background_of(plane)
        contrast = (background - plane) / np.maximum(background, DARKEST_BACKGROUND)
        ink_of_planes.append(np.clip(contrast, 0, 1))
    ink: Ink = np.max(ink_of_planes, axis=0)
    return ink


def is_grey(picture: Picture) -> bool:
    """Return whether the three colour planes are equal."""
    return bool((picture[:, :, :1] == picture[:, :, 1:]).all())


def _coarse(plane: NDArray[np.float32]) -> tuple[NDArray[np.float32], int]:
    """Return the means of blocks, up to 96 along the longer side, and the side of a block."""
    shrink = max(1, math.ceil(max(plane.shape) / COARSE_SIDE))
    return _block_means(plane, shrink), shrink


def _enlarged(
    small: NDArray[np.float32], shrink: int, shape: tuple[int, ...]
) -> NDArray[np.float32]:
    """Return block means at the size of the plane, linear between the middles of the blocks."""
    height, width = shape
    rows = np.clip((np.arange(height) + 0.5) / shrink - 0.5, 0, small.shape[0] - 1)
    columns = np.clip((np.arange(width) + 0.5) / shrink - 0.5, 0, small.shape[1] - 1)
    top, left = rows.astype(np.intp), columns.astype(np.intp)
    down = (rows - top).astype(np.float32)[:, None]
    right = (columns - left).astype(np.float32)
    bottom = np.minimum(top + 1, small.shape[0] - 1)
    beside = np.minimum(left + 1, small.shape[1] - 1)
    wide = small[:, left] * (1 - right) + small[:, beside] * right
    enlarged: NDArray[np.float32] = wide[top] * (1 - down) + wide[bottom] * down
    return enlarged


def _block_means(plane: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """Return the mean of each square block; the last pixels are repeated to fill blocks."""
    height, width = plane.shape
    padded = np.pad(plane, ((0, -height % side), (0, -width % side)), mode="edge")
    blocks = padded.reshape(len(padded) // side, side, -1, side)
    means: NDArray[np.float32] = blocks.mean(axis=(1, 3))
    return means
