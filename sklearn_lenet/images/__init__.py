"""From a picture to 28x28 pixels: picture, ink, mask, stroke width, `DigitImageReader`.

Nothing here knows a model.
"""

from ._binarize import mask_of
from ._digit_image_reader import DigitImageReader
from ._errors import NoDigitFoundError, UnreadableImageError
from ._ink import Ink, Mask, ink_of
from ._mnist_form import BOX, FINE, SIDE, centred, cropped, resized
from ._open_picture import opened
from ._read_digit import ReadingSteps, normalised, read_digit
from ._stroke_width import STROKE, stroke_width, with_stroke

__all__ = [
    "BOX",
    "FINE",
    "SIDE",
    "STROKE",
    "DigitImageReader",
    "Ink",
    "Mask",
    "NoDigitFoundError",
    "ReadingSteps",
    "UnreadableImageError",
    "centred",
    "cropped",
    "ink_of",
    "mask_of",
    "normalised",
    "opened",
    "read_digit",
    "resized",
    "stroke_width",
    "with_stroke",
]
