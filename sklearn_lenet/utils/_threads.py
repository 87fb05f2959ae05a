"""How many threads torch may use in a fit or a prediction, also in workers of joblib and Dask."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from joblib.parallel import get_active_backend

_threads_lock = threading.Lock()

_threads_held = 0

_threads_before = 0

_of_this_thread = threading.local()
"""``limit`` is the number of the innermost limit of this thread; torch has one for each thread."""

_given_share: ContextVar[int | None] = ContextVar("_given_share", default=None)


@contextmanager
def threads(n_threads: int | None) -> Iterator[None]:
    """Limit torch to ``n_threads``, and inside a worker to the worker's share of the cores.

    Outside of workers, None does not change torch's number of threads. Two busy threads on one
    core are many times slower than one, so a worker never takes more than its share.
    """
    share = _share_of_a_worker()
    wanted = [int(n) for n in (n_threads, share) if n is not None]
    if not wanted:
        yield
        return
    import torch

    global _threads_held, _threads_before
    outer = getattr(_of_this_thread, "limit", None)
    # A new thread starts with the number that any thread has set last. So the first limit of the
    # process stores the number, not each thread its own.
    with _threads_lock:
        found = torch.get_num_threads()  # without it, torch may replace a new thread's limit later
        if outer is None:
            if _threads_held == 0:
                _threads_before = found
            _threads_held += 1
        torch.set_num_threads(min(wanted))
        _of_this_thread.limit = min(wanted)
    try:
        yield
    finally:
        with _threads_lock:
            _threads_held -= outer is None
            torch.set_num_threads(_threads_before if outer is None else outer)
            _of_this_thread.limit = outer


@contextmanager
def whole_worker(n_threads: int) -> Iterator[None]:
    """Give this task ``n_threads``: it has a worker of that many cores for itself.

    >>> with whole_worker(4):
    ...     _share_of_a_worker()
    4
    """
    token = _given_share.set(n_threads)
    try:
        yield
    finally:
        _given_share.reset(token)


@contextmanager
def dask_task() -> Iterator[None]:
    """Take the share of a Dask task in Dask's local schedulers too, which have no workers."""
    with whole_worker(_share_of_a_worker() or 1):
        yield


def _share_of_a_worker() -> int | None:
    """Return how many threads a task in a worker may use; None outside of workers."""
    given = _given_share.get()
    if given is not None:
        return given
    dask_worker = _dask_worker()
    if dask_worker is not None:  # Dask runs one task for each core that it counts
        return _omp_threads() if dask_worker.nanny else 1
    if (get_active_backend()[0].nesting_level or 0) == 0:
        return None
    # loky sets the variable in its processes; other backends set nothing.
    in_thread = threading.current_thread() is not threading.main_thread()
    return 1 if in_thread else _omp_threads()


def _dask_worker() -> Any:
    """Return the Dask worker whose task this thread runs, or None; Dask is not imported."""
    distributed_worker = sys.modules.get("distributed.worker")
    if distributed_worker is None:
        return None
    try:
        return distributed_worker.get_worker()
    except ValueError:
        return None


def _omp_threads() -> int:
    """Return OMP_NUM_THREADS, which a Nanny or loky sets for its processes; 1 without it."""
    limit = os.environ.get("OMP_NUM_THREADS", "")
    return int(limit) if limit.isdigit() else 1
