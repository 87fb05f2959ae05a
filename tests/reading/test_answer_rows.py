"""Answers become rows of a table."""

import numpy as np

from sklearn_lenet import Digit, LineReading
from sklearn_lenet.reading import (
    LINE_COLUMNS,
    Answer,
    LineAnswer,
    digit_columns,
    digit_rows,
    line_row,
)

CLASSES = np.array([0, 7])


def test_a_digit_is_a_row():
    flags = frozenset({"touching", "cut"})
    digit = Digit(
        np.int64(7), np.float32(0.75), (1, 2, 3, 4), np.array([0.25, 0.75]), 1, flags, None
    )
    columns = digit_columns(CLASSES)
    (row,) = digit_rows(Answer("a.png", [digit]), len(columns))
    assert dict(zip(columns, row, strict=True)) == {
        "file": "a.png",
        "line": 1,
        "label": "7",
        "confidence": 0.75,
        "flags": "cut touching",
        "needs_review": True,
        "left": 1,
        "top": 2,
        "right": 3,
        "bottom": 4,
        "p_0": 0.25,
        "p_7": 0.75,
        "error": None,
    }
    assert type(row[2]) is str
    assert type(row[3]) is float


def test_an_error_is_a_row_with_empty_cells():
    columns = digit_columns(CLASSES)
    (row,) = digit_rows(Answer("a.png", [], "a.png does not exist."), len(columns))
    assert row == ("a.png", *[None] * 11, "a.png does not exist.")


def test_a_line_is_a_row():
    assert LINE_COLUMNS == ("file", "text", "confidence", "error")
    assert line_row(LineAnswer("a.png", LineReading("120", 0.5, []))) == ("a.png", "120", 0.5, None)
    assert line_row(LineAnswer("a.png", None, "blank")) == ("a.png", None, None, "blank")
