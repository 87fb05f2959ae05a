"""What a worker needs to read blocks of pictures, and the table that a block becomes."""

from __future__ import annotations

import io
import os
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from ..reading import (
    LINE_COLUMNS,
    answers_of_files,
    answers_of_line_files,
    digit_columns,
    digit_rows,
    line_row,
)

DTYPES = {
    "line": "Int32",
    "confidence": "float64",
    "needs_review": "boolean",
    "left": "Int32",
    "top": "Int32",
    "right": "Int32",
    "bottom": "Int32",
}
"""The types of columns in pandas. Rows with an error have empty cells, hence nullable types."""


class BlockReader(NamedTuple):
    """The model and the settings. Each worker gets them once."""

    model: Any
    reader: Any
    split: bool
    min_confidence: float
    reads_lines: bool
    schema: Any
    folder: str
    """Relative names of files are names in this folder."""

    def read(self, files: Sequence[str], deadly: Collection[str]) -> bytes:
        """Return the table of some files as Parquet; those that are deadly are not opened."""
        import pyarrow
        from pyarrow import parquet

        rows: list[tuple[Any, ...]] = []
        for file in files:
            rows += self._error_row(file) if file in deadly else self._rows(file)
        columns = zip(*rows, strict=True)
        arrays = [
            pyarrow.array(map(_storable, values), type=field.type)
            for values, field in zip(columns, self.schema, strict=True)
        ]
        content = io.BytesIO()
        parquet.write_table(pyarrow.Table.from_arrays(arrays, schema=self.schema), content)
        return content.getvalue()

    def _rows(self, file: str) -> list[tuple[Any, ...]]:
        path = [os.path.join(self.folder, file)]
        if self.reads_lines:
            (line,) = answers_of_line_files(path, self.model)
            return [line_row(line._replace(file=file))]
        (answer,) = answers_of_files(
            path,
            self.model,
            split=self.split,
            reader=self.reader,
            min_confidence=self.min_confidence,
        )
        return list(digit_rows(answer._replace(file=file), len(self.schema)))

    def _error_row(self, file: str) -> list[tuple[Any, ...]]:
        error = f"{file}: the processes that read it ended each time, and said nothing."
        return [(file, *[None] * (len(self.schema) - 2), error)]


def schema_of(model: Any, *, reads_lines: bool) -> Any:
    """Return the columns of the table, with the types that they have in pandas."""
    import pandas
    import pyarrow

    columns = LINE_COLUMNS if reads_lines else digit_columns(model.classes_)
    types = {
        name: DTYPES.get(name, "float32" if name.startswith("p_") else "string") for name in columns
    }
    empty = pandas.DataFrame({name: pandas.Series(dtype=kind) for name, kind in types.items()})
    return pyarrow.Schema.from_pandas(empty, preserve_index=False)


def _storable(value: Any) -> Any:
    """Return a text without the surrogates of file names that are no UTF-8; they become escapes."""
    if isinstance(value, str):
        return value.encode(errors="backslashreplace").decode()
    return value
