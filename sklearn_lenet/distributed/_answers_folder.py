"""The folder of answers: a note of what was asked, and one Parquet file for each block."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..utils import write_whole

NOTE = "_asked.json"
"""The file that says what was asked. Readers of Parquet skip names with an underscore."""


def begin(folder: Path, asked: Mapping[str, Any]) -> None:
    """Create the folder with its note, or check that it was begun with the same question."""
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(f"{folder} is a file: name a folder.")
    note = folder / NOTE
    if note.exists():
        begun = json.loads(note.read_text())
        differ = [name for name in asked if begun.get(name) != asked[name]]
        if differ:
            raise ValueError(
                f"{folder} was begun with another {' and another '.join(differ)}: ask the same "
                "again to go on, or name another folder."
            )
        return
    folder.mkdir(parents=True, exist_ok=True)
    if any(not name.startswith(".") for name in os.listdir(folder)):
        raise ValueError(f"{folder} contains other files: name a new or an empty folder.")
    write_whole(note, json.dumps(asked, indent=2).encode())


def part_of(folder: Path, number: int) -> Path:
    """Return the file of a block. In the order of their names, files are in the order of blocks.

    >>> part_of(Path("results.parquet"), 12).name
    'part-00000012.parquet'
    """
    return folder / f"part-{number:08d}.parquet"


def count_errors(folder: Path) -> int:
    """Return how many rows of the whole table are errors."""
    from pyarrow import parquet

    errors = 0
    for part in folder.glob("part-*.parquet"):  # as one data set, the footers of all would be kept
        with parquet.ParquetFile(part) as file:
            column = file.read(columns=["error"])["error"]
        errors += len(column) - column.null_count
    return errors
