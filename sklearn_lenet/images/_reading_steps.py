"""A picture of one digit, brought to MNIST's form step by step; each step can be inspected."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ._binarize import mask_of, otsu_threshold
from ._mnist_form import SIDE, centred, cropped, is_mnist_already
from ._open_picture import Picture, opened
from ._picture_to_ink import Ink, Mask, ink_of
from ._stroke_width import STROKE, WIDTH_TOLERANCE, with_stroke


class ReadingSteps(NamedTuple):
    """A picture of one digit after each step of `DigitImageReader`.

    `DigitImageReader.return_steps` returns one for each picture. Look at the fields in order to
    find the step that went wrong.

    Parameters
    ----------
    picture : ndarray of shape (height, width, 3), float32
        The picture from 0 to 1: upright, in colour, and on white where it was transparent.
    ink : ndarray of shape (height, width), float32
        The ink map: 0 is background and 1 is ink, whatever the colours are.
    mask : ndarray of shape (height, width), bool
        True where the digit is; specks are removed.
    stroke : ndarray of shape (fine_height, fine_width), bool
        The digit cut out and enlarged to 8x8 pixels for one of MNIST's. Its strokes are as wide
        as MNIST's.
    digit : ndarray of shape (28, 28), uint8
        The digit in MNIST's form, white on black.

    See Also
    --------
    DigitImageReader : Turns pictures into rows of pixels.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_lenet import DigitImageReader
    >>> page = np.full((90, 120), 250, dtype=np.uint8)
    >>> page[20:70, 58:62] = 40  # a 1, 50 pixels high and 4 wide
    >>> page[5, 5] = 40  # a speck
    >>> (steps,) = DigitImageReader().return_steps([page])
    >>> steps._fields
    ('picture', 'ink', 'mask', 'stroke', 'digit')
    >>> int(steps.mask.sum()), steps.stroke.shape, steps.digit.shape
    (200, (164, 24), (28, 28))
    """

    picture: Picture
    ink: Ink
    mask: Mask
    stroke: Mask
    digit: NDArray[np.uint8]


BLANK = ReadingSteps(
    picture=np.zeros((SIDE, SIDE, 3), dtype=np.float32),
    ink=np.zeros((SIDE, SIDE), dtype=np.float32),
    mask=np.zeros((SIDE, SIDE), dtype=bool),
    stroke=np.zeros((SIDE, SIDE), dtype=bool),
    digit=np.zeros((SIDE, SIDE), dtype=np.uint8),
)
"""The steps of a row in which all pixels are equal."""


def read_digit(
    source: Any, name: str = "the picture", stroke_width: float = STROKE
) -> ReadingSteps:
    """Bring a picture of one digit to MNIST's form and return it after each step."""
    picture, _ = opened(source, name)
    ink = ink_of(picture)
    mask = mask_of(ink, name)
    stroke, digit = normalised(ink, mask, stroke_width)
    if is_mnist_already(picture):
        digit = np.rint(255 * picture[:, :, 0]).astype(np.uint8)
    return ReadingSteps(picture, ink, mask, stroke, digit)


def normalised(ink: Ink, mask: Mask, stroke_width: float) -> tuple[Mask, NDArray[np.uint8]]:
    """Return the ink in the mask with MNIST's stroke width, and the same centred on 28x28."""
    with_soft_edge = ndimage.binary_dilation(mask, iterations=2)
    ink = np.where(with_soft_edge, ink, 0).astype(np.float32)
    widest = WIDTH_TOLERANCE * stroke_width
    stroke = with_stroke(cropped(ink, mask), otsu_threshold(ink), stroke_width, widest)
    return stroke, centred(stroke)
