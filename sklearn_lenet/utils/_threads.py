"""How many threads torch may use in a fit or a prediction, also inside joblib's workers."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from joblib.parallel import get_active_backend

_threads_lock = threading.Lock()

_threads_held = 0

_threads_before = 0


@contextmanager
def threads(n_threads: int | None) -> Iterator[None]:
    """Limit torch to ``n_threads``, and inside a joblib worker to the worker's share of the cores.

    Outside of workers, None does not change torch's number of threads. Two busy threads on one
    core are many times slower than one, so a worker never takes more than its share.
    """
    import torch

    global _threads_held, _threads_before
    share = _share_of_a_worker()
    wanted = [int(n) for n in (n_threads, share) if n is not None]
    if not wanted:
        yield
        return
    with _threads_lock:  # the number belongs to the process, so the first user stores it
        if _threads_held == 0:
            _threads_before = torch.get_num_threads()
        _threads_held += 1
        torch.set_num_threads(min(wanted))
    try:
        yield
    finally:
        with _threads_lock:
            _threads_held -= 1
            torch.set_num_threads(_threads_before)


def _share_of_a_worker() -> int | None:
    """Return how many threads a joblib worker may use; None outside of workers."""
    if (get_active_backend()[0].nesting_level or 0) == 0:
        return None
    in_thread = threading.current_thread() is not threading.main_thread()
    # loky sets this variable in its processes; other backends set nothing.
    limit = os.environ.get("OMP_NUM_THREADS", "")
    return int(limit) if limit.isdigit() and not in_thread else 1
