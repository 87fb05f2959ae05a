"""Profiles: Dask samples what a worker does, which takes time from long computations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def without_profile(worker: Any) -> Iterator[None]:
    """Pause the profile that Dask takes of tasks: a sample every ten milliseconds."""
    from distributed import Status

    profile = worker.periodic_callbacks.get("profile")
    if profile is None:
        yield
        return

    def resume() -> None:
        # Another task of the worker may have resumed it.
        if worker.status is Status.running and not profile.is_running():
            profile.start()

    worker.loop.add_callback(profile.stop)
    try:
        yield
    finally:
        worker.loop.add_callback(resume)
