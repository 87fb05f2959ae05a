"""RowFile: the rows of pixels that a worker keeps, in a file on its disk."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..utils import Pixels

IN_MEMORY = 128 * 2**20
"""A file of up to this number of bytes is read into memory for the training."""

CHUNK = 16_384
"""The rows that are read at a time where all are read in order."""


class RowFile:
    """Rows of pixels in a temporary file: added block by block, and read in any order.

    The rows of a worker may need more memory than it has. Rows of a small file are read from
    memory.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     rows = RowFile(folder)
    ...     start = rows.add(np.array([[1, 2], [3, 4], [5, 6]], dtype=np.uint8))
    ...     print(start, len(rows), rows.take(np.array([2, 0])).tolist())
    ...     rows.close()
    0 3 [[5, 6], [1, 2]]
    """

    def __init__(self, folder: str | Path) -> None:
        self._file = tempfile.TemporaryFile(  # noqa: SIM115 - open until `close`, or the process ends
            dir=folder, buffering=0
        )
        self._lock = threading.Lock()
        self._n = 0
        self._row: np.dtype[Any] = np.dtype(np.uint8)
        """The type of a whole row."""
        self._in_memory: Pixels | None = None

    def __len__(self) -> int:
        return self._n

    def add(self, rows: Pixels) -> int:
        """Write rows at the end; return the number of the first one."""
        with self._lock:
            if self._n == 0:
                self._row = np.dtype((rows.dtype, rows.shape[1:]))
            start = self._n
            self._file.seek(start * self._row.itemsize)
            content = memoryview(np.ascontiguousarray(rows, self._row.base).data).cast("B")
            while content:  # without a buffer, a write may be partial
                content = content[self._file.write(content) :]
            self._n += len(rows)
            self._in_memory = None
            return start

    def take(self, numbers: NDArray[Any]) -> Pixels:
        """Return the rows with these numbers."""
        rows = self._whole()
        if rows is not None:
            taken: Pixels = rows[numbers]
            return taken
        taken = np.empty(len(numbers), dtype=self._row)
        if len(numbers) == 0:
            return taken
        view, size = memoryview(taken.data).cast("B"), self._row.itemsize
        # Mapped into memory, the file would count as memory of the worker.
        with self._lock:
            for place, number in enumerate(numbers.tolist()):
                self._file.seek(number * size)
                _read_into(self._file, view[place * size : (place + 1) * size])
        return taken

    def chunks(self) -> Iterator[tuple[int, Pixels]]:
        """Yield all rows in order, some at a time, with the number of the first of them."""
        for start in range(0, self._n, CHUNK):
            yield start, self.take(np.arange(start, min(start + CHUNK, self._n)))

    def close(self) -> None:
        """Remove the file."""
        self._in_memory = None
        self._file.close()

    def _whole(self) -> Pixels | None:
        """Return all rows if they are few enough to be kept in memory."""
        with self._lock:
            if self._in_memory is None and 0 < self._n * self._row.itemsize <= IN_MEMORY:
                rows = np.empty(self._n, dtype=self._row)
                self._file.seek(0)
                _read_into(self._file, memoryview(rows.data).cast("B"))
                self._in_memory = rows
            return self._in_memory


def _read_into(file: Any, view: memoryview) -> None:
    while view:
        n = file.readinto(view)
        if not n:
            raise OSError("the file of a worker's rows is shorter than it was written.")
        view = view[n:]
