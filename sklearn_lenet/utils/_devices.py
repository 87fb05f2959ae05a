"""Devices, seeds, and denormal numbers on the CPU."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.utils import check_random_state

if TYPE_CHECKING:
    import torch


def resolve_device(device: str | torch.device) -> torch.device:
    """Return a device that is available; "auto" is the best one.

    >>> resolve_device("cpu")
    device(type='cpu')
    """
    import torch

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
        raise ValueError(f"device={str(device)!r} is not available: use 'auto' or one of {found}.")
    return asked


def draw_seed(random_state: Any) -> int:
    """Return a seed; for None it comes from the operating system, not NumPy's global state."""
    if random_state is None:
        return int(np.random.SeedSequence().generate_state(1)[0])
    return int(check_random_state(random_state).randint(np.iinfo(np.int32).max))


@contextmanager
def flushed_denormals() -> Iterator[None]:
    """Let the CPU treat numbers below 1e-38 as zero in this thread, because they are slow."""
    import torch

    before = float(torch.tensor(1e-40) * 1) == 0.0
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(before)
