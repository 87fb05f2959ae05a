"""Many files, one answer each; an error does not stop the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from ._digit import Digit
from ._read_digits import read_digits, read_one


class Answer(NamedTuple):
    """What was made of one file: its digits, or why it could not be read."""

    file: str
    digits: list[Digit]
    error: str | None = None


def read_all(
    files: Iterable[str], model: Any, *, split: bool, min_confidence: float
) -> Iterator[Answer]:
    """Yield an answer for each file; what cannot be read is an error, and the next is read."""
    for file in files:
        try:
            if split:
                digits = read_digits(file, model, min_confidence=min_confidence)
            else:
                digits = [read_one(file, model, min_confidence=min_confidence)]
            yield Answer(file, digits)
        except (OSError, ValueError, MemoryError) as error:
            told = str(error) if file in str(error) else f"{file}: {error}"
            yield Answer(file, [], told)
