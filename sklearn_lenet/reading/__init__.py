"""From a page to labels: the page is levelled, ruled lines are removed, digits are found and read.

`DigitStringReader` reads a whole line without cutting it. The folder contains no trained model:
the caller passes one.
"""

from ._digit import UNCERTAIN, Digit
from ._digit_string_reader import DigitStringReader
from ._line_reading import LineDigit, LineReading
from ._model_provider import provide_default_model
from ._piece import Box
from ._read_digits import read_digits
from ._read_files import Answer, LineAnswer, read_files, read_line_files

__all__ = [
    "UNCERTAIN",
    "Answer",
    "Box",
    "Digit",
    "DigitStringReader",
    "LineAnswer",
    "LineDigit",
    "LineReading",
    "provide_default_model",
    "read_digits",
    "read_files",
    "read_line_files",
]
