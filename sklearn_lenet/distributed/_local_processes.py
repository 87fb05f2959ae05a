"""A cluster of processes on this machine, for one call."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

HTTP = "127.0.0.1:0"
"""Any free port. Dask warns if its own, 8787, is taken by another cluster of this machine."""

KEEP_WORKERS = {"distributed.deploy.lost-worker-timeout": "1 day"}
"""A process that ends is started again. Without this, Dask gives it up if that takes over 15 s."""

NO_PROFILE = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
}
"""Nobody sees the dashboard of these processes, so Dask need not sample what they do."""


@contextmanager
def local_processes(n_workers: int) -> Iterator[Any]:
    """Start processes of one thread each, and return a client of them; end them afterwards."""
    import dask
    from distributed import Client, LocalCluster

    with (
        _kept_environment(),
        dask.config.set(KEEP_WORKERS | NO_PROFILE),
        LocalCluster(
            n_workers=n_workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            scheduler_kwargs={"dashboard_address": HTTP},
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client


@contextmanager
def _kept_environment() -> Iterator[None]:
    """Undo changes of the environment: Dask sets OMP_NUM_THREADS here for the processes."""
    before = dict(os.environ)
    try:
        yield
    finally:
        for name in set(os.environ) - set(before):
            del os.environ[name]
        os.environ.update(before)
