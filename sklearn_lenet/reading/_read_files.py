"""Many files, one answer each; an error does not stop the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from ._digit import Digit
from ._read_digits import read_digits, read_one


class Answer(NamedTuple):
    """The digits of one file, or the reason why it could not be read."""

    file: str
    digits: list[Digit]
    error: str | None = None


def read_files(
    files: Iterable[str], model: Any, *, split: bool, min_confidence: float
) -> Iterator[Answer]:
    """Yield an answer for each file; with ``split`` all digits of a file are read."""
    for file in files:
        try:
            if split:
                digits = read_digits(file, model, min_confidence=min_confidence)
            else:
                digits = [read_one(file, model, min_confidence=min_confidence)]
            yield Answer(file, digits)
        except (OSError, ValueError, MemoryError) as error:
            message = str(error) if file in str(error) else f"{file}: {error}"
            yield Answer(file, [], message)
