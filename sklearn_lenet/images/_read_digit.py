"""One picture of one digit after each step on its way to MNIST's form."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ._binarize import mask_of, threshold
from ._ink import Ink, Mask, ink_of
from ._mnist_form import SIDE, centred, cropped, is_mnist_already
from ._open_picture import Picture, opened
from ._stroke_width import STROKE, WIDER, with_stroke


class ReadingSteps(NamedTuple):
    """A picture after each step of reading it."""

    picture: Picture
    """Upright, in colour, on white where it was transparent."""
    ink: Ink
    """Paper 0 and ink 1, whatever their colours."""
    mask: Mask
    """Where the digit is; specks are gone."""
    stroke: Mask
    """The digit cut out, its strokes as wide as MNIST's."""
    digit: NDArray[np.uint8]
    """28x28, as MNIST would have it."""


BLANK = ReadingSteps(
    picture=np.zeros((SIDE, SIDE, 3), dtype=np.float32),
    ink=np.zeros((SIDE, SIDE), dtype=np.float32),
    mask=np.zeros((SIDE, SIDE), dtype=bool),
    stroke=np.zeros((SIDE, SIDE), dtype=bool),
    digit=np.zeros((SIDE, SIDE), dtype=np.uint8),
)
"""What a row of equal numbers is read as."""


def read_digit(
    source: Any, name: str = "the picture", stroke_width: float = STROKE
) -> ReadingSteps:
    """Return a picture of one digit after each step on its way to MNIST's form."""
    picture, _ = opened(source, name)
    ink = ink_of(picture)
    mask = mask_of(ink, name)
    stroke, digit = normalised(ink, mask, stroke_width)
    if is_mnist_already(picture):
        digit = np.rint(255 * picture[:, :, 0]).astype(np.uint8)
    return ReadingSteps(picture, ink, mask, stroke, digit)


def normalised(ink: Ink, mask: Mask, stroke_width: float) -> tuple[Mask, NDArray[np.uint8]]:
    """Return the masked ink with MNIST's stroke, and that centred on 28x28."""
    soft = np.where(_around(mask), ink, 0).astype(np.float32)
    level = threshold(soft)
    stroke = with_stroke(cropped(soft, mask), level, stroke_width, WIDER * stroke_width)
    return stroke, centred(stroke)


def _around(mask: Mask) -> Mask:
    """Return the mask with the soft edge of its strokes."""
    around: Mask = ndimage.binary_dilation(mask, iterations=2)
    return around
