"""MNIST's form: 28x28 pixels, the digit in a box of 20, its centre of mass in the middle."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from ._open_picture import Picture
from ._picture_to_ink import Ink, Mask, is_grey

SIDE = 28
"""An image in MNIST's form has this many pixels on each side."""

BOX = 20
"""The longer side of a digit in MNIST's form has this many pixels."""

FINE = 8
"""Stroke widths are changed on a grid that has this many pixels for one of MNIST's."""


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
    centre = np.array(ndimage.center_of_mass(grey))
    return bool(np.abs(centre - SIDE / 2).max() <= 1)


def cropped(values: NDArray[Any], mask: Mask) -> NDArray[Any]:
    """Return the part of the values inside the mask's bounding box."""
    (rows, columns) = ndimage.find_objects(mask.astype(np.int8))[0]
    part: NDArray[Any] = values[rows, columns]
    return part


def resized(ink: Ink, longer_side: float) -> Ink:
    """Return the ink with this many pixels on its longer side, averaged or interpolated."""
    scale = longer_side / max(ink.shape)
    height, width = (max(1, round(side * scale)) for side in ink.shape)
    image = Image.fromarray(np.ascontiguousarray(ink, dtype=np.float32))
    return np.asarray(image.resize((width, height), Image.Resampling.BILINEAR))


def centred(mask: Mask) -> NDArray[np.uint8]:
    """Return a fine mask as a 28x28 image, with the centre of mass in the middle.

    ``FINE`` x ``FINE`` pixels of the mask become one pixel of the image.
    """
    fine_side = SIDE * FINE
    canvas = np.zeros((2 * fine_side, 2 * fine_side), dtype=np.uint8)
    height, width = mask.shape
    profiles = (mask.sum(axis=1), mask.sum(axis=0))
    top, left = (
        round(fine_side - 0.5 - profile @ np.arange(len(profile)) / profile.sum())
        for profile in profiles
    )
    canvas[top : top + height, left : left + width] = mask
    middle = slice(fine_side // 2, 3 * fine_side // 2)
    counts = canvas[middle, middle].reshape(SIDE, FINE, SIDE, FINE).sum(axis=(1, 3))
    return np.asarray(np.rint(counts * (255 / FINE**2)), dtype=np.uint8)
