"""The progress bar over the files that a command reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from ..utils import progress_bar

Answer = TypeVar("Answer")

FEW = 20
"""Fewer files than this are read without a progress bar."""


def with_progress(answers: Iterable[Answer], n: int) -> Iterator[Answer]:
    """Yield the answers, with a progress bar in a terminal if there are many."""
    if n < FEW:
        yield from answers
        return
    with progress_bar("pictures", n) as advance:
        for answer in answers:
            yield answer
            advance(1)
