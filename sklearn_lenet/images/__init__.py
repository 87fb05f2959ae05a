"""From a picture to MNIST's form: picture, ink, mask, stroke width, 28x28 pixels.

`DigitImageReader` is the public transformer. The functions are its steps; `reading` uses them for
pages. Nothing in this folder uses a model.
"""

from ._binarize import mask_of
from ._digit_image_reader import DigitImageReader
from ._errors import NoDigitFoundError, UnreadableImageError
from ._mnist_form import BOX, FINE, SIDE, centred, cropped, resized
from ._open_picture import opened
from ._picture_to_ink import Ink, Mask, ink_of
from ._reading_steps import ReadingSteps, normalised, read_digit
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
