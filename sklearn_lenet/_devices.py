"""Where the nets compute and how they behave there: devices, seeds, threads, denormals."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from joblib.parallel import get_active_backend
from sklearn.utils import check_random_state


def resolve_device(device: str | torch.device) -> torch.device:
    """Turn "auto" into the best device there is; refuse one that is absent.

    >>> resolve_device("cpu")
    device(type='cpu')
    """
    found = ["cpu"]
    if torch.backends.mps.is_available():
        found.insert(0, "mps")
    if torch.cuda.is_available():
        found.insert(0, "cuda")
    if device == "auto":
        return torch.device(found[0])
    try:
        asked = torch.device(device)
    except RuntimeError:
        asked = None
    count = torch.cuda.device_count() if asked is not None and asked.type == "cuda" else 1
    if asked is None or asked.type not in found or (asked.index or 0) >= count:
        raise ValueError(
            f"device={str(device)!r} is not to be had here: use 'auto' or one of {found}."
        )
    return asked


def draw_seed(random_state: Any) -> int:
    """Return a seed for the engine; None asks the system, not NumPy's global state."""
    if random_state is None:
        return int(np.random.SeedSequence().generate_state(1)[0])
    return int(check_random_state(random_state).randint(np.iinfo(np.int32).max))


_threads_lock = threading.Lock()
_threads_held = 0
_threads_before = 0


@contextmanager
def threads(n_threads: int | None) -> Iterator[None]:
    """Hold torch to ``n_threads``, and inside a worker of joblib to the worker's share.

    None leaves torch its own choice outside of workers. Two busy threads on one core
    are many times slower than one, so a worker never gets more than its share.
    """
    global _threads_held, _threads_before
    share = _share_of_a_worker()
    wanted = [n for n in (n_threads, share) if n is not None]
    if not wanted:
        yield
        return
    with _threads_lock:  # torch's number is the process's, so the first to come remembers it
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
    """Return how many threads a worker of joblib may use; None outside of workers."""
    if (get_active_backend()[0].nesting_level or 0) == 0:
        return None
    in_thread = threading.current_thread() is not threading.main_thread()
    # loky limits the threads of its processes by this variable; nobody limits the others.
    limit = os.environ.get("OMP_NUM_THREADS", "")
    return int(limit) if limit.isdigit() and not in_thread else 1


@contextmanager
def flushed_denormals() -> Iterator[None]:
    """Let the CPU take numbers below 1e-38 for zero, in this thread; it is slow at them."""
    before = float(torch.tensor(1e-40) * 1) == 0.0
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(before)
