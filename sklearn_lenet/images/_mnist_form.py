"""MNIST's form: 28x28 pixels, a box of 20, the centre of mass in the middle."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from ._ink import Ink, Mask, is_grey
from ._open_picture import Picture

SIDE, BOX = 28, 20

FINE = 8
"""Pixels a side that stand for one of MNIST's while strokes are widened or narrowed."""


def is_mnist_already(picture: Picture) -> bool:
    """Return whether a picture has MNIST's form: 28x28, white on black, its box and its centre.

    >>> digit = np.zeros((28, 28, 3), dtype=np.float32)
    >>> digit[4:24, 13:15] = 1
    >>> is_mnist_already(digit), is_mnist_already(1 - digit), is_mnist_already(digit[:27])
    (True, False, False)
    """
    if picture.shape != (SIDE, SIDE, 3) or not is_grey(picture):
        return False
    grey = picture[:, :, 0]
    rows, columns = np.nonzero(grey)
    if not len(rows) or max(np.ptp(rows), np.ptp(columns)) + 1 != BOX or grey.max() < 0.5:
        return False
    middle = np.array(ndimage.center_of_mass(grey))
    return bool(np.abs(middle - SIDE / 2).max() <= 1)


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
