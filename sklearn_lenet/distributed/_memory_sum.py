"""MemorySum: the sum of a tensor over workers of one machine, in memory that they share."""

from __future__ import annotations

import mmap
import os
import platform
import sys
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ._groups import TIMEOUT

FOLDER = Path("/dev/shm")  # noqa: S108 - the names of the files cannot be guessed
"""Linux keeps the files of this folder in memory."""

PREFIX = "sklearn_lenet-"
"""How the names of the files begin."""

PROCESSORS = ("x86_64",)
"""Processors on which a step is never seen before the values that were written earlier."""

HEADER = 64
"""The bytes of a segment before its values: a cache line for the number of the step."""

SPIN, PAUSE, PATIENCE = 0.0005, 0.00005, 0.05
"""Seconds of waiting without a pause, of each pause after that, and until a worker may be dead."""


class Segment:
    """The part of the shared memory that one worker writes: its step, and two copies of its values.

    A worker may be a step ahead of those that read its values, so it writes to the copies in turn.
    It holds a lock on the file as long as it takes part. The system unlocks the file if it dies.
    """

    def __init__(self, path: Path, like: Tensor, *, is_own: bool) -> None:
        import fcntl  # not on Windows

        self._fcntl = fcntl
        mode = "x+b" if is_own else "r+b"
        self._file = open(  # noqa: SIM115 - open until `close`: the lock belongs to the open file
            path, mode, buffering=0, opener=_open_for_user
        )
        size = HEADER + 2 * like.numel() * like.element_size()
        try:
            if is_own:
                os.posix_fallocate(self._file.fileno(), 0, size)  # fails here if memory is full
                fcntl.flock(self._file, fcntl.LOCK_EX)
            memory = mmap.mmap(self._file.fileno(), size)
        except OSError:
            self._file.close()
            raise
        self.step = np.frombuffer(memory, np.int64, 1)
        self.copies = torch.frombuffer(memory, dtype=like.dtype, offset=HEADER).view(2, -1)

    def has_ended(self) -> bool:
        """Return whether the worker that writes here takes part no longer."""
        try:
            self._fcntl.flock(self._file, self._fcntl.LOCK_SH | self._fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Unlock and close the file; the memory is freed with the last object that uses it."""
        self._fcntl.flock(self._file, self._fcntl.LOCK_UN)
        self._file.close()


def _open_for_user(path: str, flags: int) -> int:
    """Open a file that other users of the machine cannot read."""
    return os.open(path, flags, 0o600)


class MemorySum:
    """Sums a tensor over the workers of a fit on one machine, again and again.

    It is used as a `GroupSum`. Each worker writes its values to its segment and reads those of the
    others there, which takes less time than sending them, and wakes no thread of gloo.
    """

    def __init__(self, segments: Sequence[Segment], rank: int, tensor: Tensor) -> None:
        self.segments, self.rank, self.total = segments, rank, tensor
        self._step = 0

    @property
    def values(self) -> Tensor:
        """Return the tensor to which the values of the next step are written, before `begin`."""
        return self.segments[self.rank].copies[(self._step + 1) % 2]

    def expect(self) -> None:
        """Do nothing."""

    def begin(self) -> None:
        """Show the values to the other workers."""
        self._step += 1
        self.segments[self.rank].step[0] = self._step

    def end(self) -> Tensor:
        """Return the sum."""
        for segment in self.segments:
            self._wait(segment)
        first, second, *others = (segment.copies[self._step % 2] for segment in self.segments)
        torch.add(first, second, out=self.total)
        for values in others:  # all workers add in this order, for the same bits
            self.total.add_(values)
        return self.total

    def close(self) -> None:
        """Take part no longer."""
        for segment in self.segments:
            segment.close()

    def _wait(self, segment: Segment) -> None:
        """Wait until a worker has shown the values of this step."""
        start = time.perf_counter()
        while segment.step[0] < self._step:
            waited = time.perf_counter() - start
            time.sleep(0 if waited < SPIN else PAUSE)  # other threads of the process may run
            if waited < PATIENCE:
                continue
            if segment.has_ended() and segment.step[0] < self._step:
                raise RuntimeError("a worker has ended.")
            if waited > TIMEOUT.seconds:
                raise RuntimeError(f"a worker did not answer for {TIMEOUT.seconds} seconds.")


def memory_sum(group: Any, rank: int, tensor: Tensor) -> MemorySum | None:
    """Return the sum in shared memory, or None if the workers of a group cannot share any.

    All workers must call this, and all get the same answer.
    """
    if tensor.device.type != "cpu":
        return None
    name, n = uuid.uuid4(), group.size()
    path = FOLDER / f"{PREFIX}{name.hex}"
    names = torch.zeros(n, len(name.bytes), dtype=torch.uint8)
    segments: dict[int, Segment] = {}
    shared = None
    try:
        if sys.platform == "linux" and platform.machine() in PROCESSORS:
            with suppress(OSError):  # no such folder, or no memory left
                segments[rank] = Segment(path, tensor, is_own=True)
                names[rank] = torch.frombuffer(bytearray(name.bytes), dtype=torch.uint8)
        group.allreduce([names]).wait()
        if names.any(dim=1).all():
            with suppress(OSError):  # the file of a worker on another machine
                for k in set(range(n)) - {rank}:
                    other = FOLDER / f"{PREFIX}{bytes(names[k].tolist()).hex()}"
                    segments[k] = Segment(other, tensor, is_own=False)
        n_complete = torch.tensor(int(len(segments) == n))
        group.allreduce([n_complete]).wait()
        if n_complete == n:
            shared = MemorySum([segments[k] for k in range(n)], rank, tensor)
    finally:
        path.unlink(missing_ok=True)  # the memory stays as long as it is used
        if shared is None:
            for segment in segments.values():
                segment.close()
    return shared
