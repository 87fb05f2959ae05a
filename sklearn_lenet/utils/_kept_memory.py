"""Memory that malloc keeps for the next step, where Dask lets it return all memory at once."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

TRIM_VARIABLE, MMAP_VARIABLE = "MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"
"""glibc reads the two thresholds from these variables when a process starts."""

TRIM, MMAP = -1, -3
"""The numbers that ``mallopt`` has for them."""

KEPT_FREE, KEPT_BLOCK = 2**26, 2**23
"""In bytes: how much free memory is kept, and how large a block may be, as those of a batch are."""

DEFAULT_BLOCK = 2**17
"""The second threshold of glibc, in bytes."""

_lock = threading.Lock()

_n_users = 0


@contextmanager
def kept_memory() -> Iterator[None]:
    """Let malloc keep freed memory for the next batch, where ``MALLOC_TRIM_THRESHOLD_`` is set.

    A Nanny of Dask sets this variable, so that its worker returns free memory to the system. Each
    batch would then ask the system for the same memory again, which takes up to a quarter of the
    time of an epoch. Afterwards the free memory is returned. Without the variable, glibc adapts by
    itself.
    """
    libc = _libc()
    if libc is None:
        yield
        return
    global _n_users
    with _lock:
        _n_users += 1
        if _n_users == 1:
            libc.mallopt(TRIM, KEPT_FREE)
            libc.mallopt(MMAP, KEPT_BLOCK)
    try:
        yield
    finally:
        with _lock:
            _n_users -= 1
            if _n_users == 0:
                libc.mallopt(TRIM, int(os.environ[TRIM_VARIABLE]))
                libc.mallopt(MMAP, DEFAULT_BLOCK)
                libc.malloc_trim(0)


def _libc() -> Any:
    """Return glibc if the first of its thresholds alone is set; None otherwise."""
    is_set_alone = TRIM_VARIABLE in os.environ and MMAP_VARIABLE not in os.environ
    if sys.platform != "linux" or not is_set_alone or not os.environ[TRIM_VARIABLE].isdigit():
        return None
    libc = ctypes.CDLL(None)
    return libc if hasattr(libc, "mallopt") and hasattr(libc, "malloc_trim") else None
