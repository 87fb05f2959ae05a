"""From a picture to MNIST's form: picture, ink, mask, stroke width, 28x28 pixels.

`DigitImageReader` is the public transformer. The functions are its steps; `reading` uses them for
pages. Nothing in this folder uses a model.
"""

from ._binarize import MIN_CONTRAST, MIN_SIDE, mask_of, otsu_threshold, without_specks
from ._digit_image_reader import DigitImageReader
from ._errors import NoDigitFoundError, UnreadableImageError
from ._mnist_form import BOX, FINE, SIDE, centred, cropped, resized
from ._open_picture import opened
from ._picture_files import picture_files
from ._picture_to_ink import Ink, Mask, ink_of
from ._reading_steps import ReadingSteps, normalised, read_digit
from ._rows_or_pictures import as_sequence, is_table, squares_of
from ._stroke_width import STROKE, stroke_width, with_stroke

__all__ = [
    "BOX",
    "FINE",
    "MIN_CONTRAST",
    "MIN_SIDE",
    "SIDE",
    "STROKE",
    "DigitImageReader",
    "Ink",
    "Mask",
    "NoDigitFoundError",
    "ReadingSteps",
    "UnreadableImageError",
    "as_sequence",
    "centred",
    "cropped",
    "ink_of",
    "is_table",
    "mask_of",
    "normalised",
    "opened",
    "otsu_threshold",
    "picture_files",
    "read_digit",
    "resized",
    "squares_of",
    "stroke_width",
    "with_stroke",
    "without_specks",
]
