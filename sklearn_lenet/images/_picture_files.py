"""The picture files that folders, patterns and names stand for."""

from __future__ import annotations

import glob
import os
from collections.abc import Sequence
from pathlib import Path

ENDINGS = {".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp"}
"""The endings of files that are pictures in a folder."""


def picture_files(names: str | os.PathLike[str] | Sequence[str | os.PathLike[str]]) -> list[str]:
    """Return the files of all names: the pictures in folders, and the files that patterns match."""
    if isinstance(names, str | os.PathLike):
        names = [names]
    return [file for name in names for file in _files_of(os.fspath(name))]


def _files_of(name: str) -> list[str]:
    path = Path(name)
    if path.is_dir():
        found = [
            str(path / file)
            for file in sorted(os.listdir(path))
            if os.path.splitext(file)[1].lower() in ENDINGS
        ]
        if not found:
            raise ValueError(
                f"{name} contains no picture: no name ends in {', '.join(sorted(ENDINGS))}."
            )
        return found
    if not path.exists() and glob.has_magic(name):
        found = sorted(glob.glob(name, recursive=True))
        if not found:
            raise ValueError(f"{name} matches no file.")
        return found
    return [name]
