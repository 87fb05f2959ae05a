"""The files that are named on the command line, and the progress bar over them."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from ..utils import progress_bar

ENDINGS = {".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp"}
"""The endings of files that are pictures in a folder."""


Answer = TypeVar("Answer")

FEW = 20
"""Fewer files than this are read without a progress bar."""


def expanded(names: Sequence[str]) -> list[str]:
    """Return the files of all names: the pictures in folders, and the files that patterns match."""
    files: list[str] = []
    for name in names:
        if Path(name).is_dir():
            inside = sorted(Path(name).iterdir())
            found = [str(path) for path in inside if path.suffix.lower() in ENDINGS]
            if not found:
                raise ValueError(
                    f"{name} contains no picture: no name ends in {', '.join(sorted(ENDINGS))}."
                )
        elif not Path(name).exists() and glob.has_magic(name):
            found = sorted(glob.glob(name, recursive=True))
            if not found:
                raise ValueError(f"{name} matches no file.")
        else:
            found = [name]
        files += found
    return files


def with_progress(answers: Iterable[Answer], n: int) -> Iterator[Answer]:
    """Yield the answers, with a progress bar in a terminal if there are many."""
    if n < FEW:
        yield from answers
        return
    with progress_bar("pictures", n) as advance:
        for answer in answers:
            yield answer
            advance(1)
