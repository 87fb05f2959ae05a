"""Many files, one answer each; an error does not stop the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from ._digit import Digit
from ._line_reading import LineReading
from ._read_digits import read_digits, read_one

if TYPE_CHECKING:
    from ._digit_string_reader import DigitStringReader

UNREADABLE = (OSError, ValueError, MemoryError)
"""The errors of a picture that cannot be read."""


class Answer(NamedTuple):
    """The digits of one file, or the reason why it could not be read."""

    file: str
    digits: list[Digit]
    error: str | None = None


class LineAnswer(NamedTuple):
    """The text of a picture of one line, or the reason why it could not be read."""

    file: str
    reading: LineReading | None
    error: str | None = None


def answers_of_files(
    files: Iterable[str],
    model: Any,
    *,
    split: bool,
    reader: DigitStringReader | None = None,
    min_confidence: float,
) -> Iterator[Answer]:
    """Yield an answer for each file; with ``split`` all digits of a file are read."""
    for file in files:
        try:
            if split:
                digits = read_digits(file, model, reader=reader, min_confidence=min_confidence)
            else:
                digits = [read_one(file, model, min_confidence=min_confidence)]
            yield Answer(file, digits)
        except UNREADABLE as error:
            yield Answer(file, [], _message(file, error))


def answers_of_line_files(files: Iterable[str], reader: DigitStringReader) -> Iterator[LineAnswer]:
    """Yield the text of each file, a picture of one line."""
    for file in files:
        try:
            (reading,) = reader.read([file])
            yield LineAnswer(file, reading)
        except UNREADABLE as error:
            yield LineAnswer(file, None, _message(file, error))


def _message(file: str, error: BaseException) -> str:
    """Return the message of an error, with the name of the file."""
    return str(error) if file in str(error) else f"{file}: {error}"
