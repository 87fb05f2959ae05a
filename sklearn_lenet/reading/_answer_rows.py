"""Answers as rows of a table, for CSV and Parquet: one row a digit, or one a file with an error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ._answers import Answer, LineAnswer

DIGIT_COLUMNS = (
    "file", "line", "label", "confidence", "flags", "needs_review",
    "left", "top", "right", "bottom",
)  # fmt: skip
"""The columns of a digit before its probabilities."""

LINE_COLUMNS = ("file", "text", "confidence", "error")
"""The columns of a picture of one line."""

Row = tuple[Any, ...]
"""The values of a row. None is an empty cell."""


def digit_columns(classes: NDArray[Any]) -> list[str]:
    """Return the columns of a table of digits.

    >>> digit_columns(np.array([0, 1]))[-3:]
    ['p_0', 'p_1', 'error']
    """
    return [*DIGIT_COLUMNS, *(f"p_{label}" for label in classes), "error"]


def digit_rows(answer: Answer, n_columns: int) -> Iterator[Row]:
    """Yield one row for each digit of a file, or one row with its error."""
    for digit in answer.digits:
        flags = " ".join(sorted(digit.flags))
        first = answer.file, digit.line, str(digit.label), float(digit.confidence)
        shares = np.asarray(digit.probabilities).tolist()
        yield (*first, flags, digit.needs_review, *digit.box, *shares, None)
    if answer.error:
        yield (answer.file, *[None] * (n_columns - 2), answer.error)


def line_row(answer: LineAnswer) -> Row:
    """Return the row of a picture of one line."""
    if answer.reading is None:
        return answer.file, None, None, answer.error
    return answer.file, answer.reading.text, float(answer.reading.confidence), None
