"""From a page to labels: the page is levelled, ruled lines are removed, digits are found and read.

`DigitStringReader` reads a whole line without cutting it. The folder contains no trained model:
the caller passes one.
"""

from typing import TYPE_CHECKING

from ..utils import loaded_on_first_use
from ._answer_rows import LINE_COLUMNS, digit_columns, digit_rows, line_row
from ._answers import Answer, LineAnswer, answers_of_files, answers_of_line_files
from ._digit import UNCERTAIN, Digit
from ._line_reading import LineDigit, LineReading
from ._model_provider import provide_default_model
from ._piece import Box
from ._read_digits import check_min_confidence, model_for_rows, read_digits

if TYPE_CHECKING:
    from ._digit_string_reader import DigitStringReader as DigitStringReader

__all__ = [
    "LINE_COLUMNS",
    "UNCERTAIN",
    "Answer",
    "Box",
    "Digit",
    "DigitStringReader",
    "LineAnswer",
    "LineDigit",
    "LineReading",
    "answers_of_files",
    "answers_of_line_files",
    "check_min_confidence",
    "digit_columns",
    "digit_rows",
    "line_row",
    "model_for_rows",
    "provide_default_model",
    "read_digits",
]

__getattr__ = loaded_on_first_use(__name__, {"DigitStringReader": "_digit_string_reader"})
