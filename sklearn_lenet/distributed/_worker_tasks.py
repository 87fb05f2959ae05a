"""What a worker does in a fit: keep its rows, describe them, train on them, forget them."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.base import clone

from ..training import DivergedError, Plan, epoch_line
from ..utils import (
    PIXEL_TYPES,
    Pixels,
    PixelSummary,
    Shape,
    check_images,
    check_sample_weight,
    corner_values,
    merged,
    resolve_device,
    summarise,
    whole_worker,
)
from ._group_peers import GroupPeers
from ._profiles import without_profile
from ._row_file import RowFile
from ._row_share import OwnRows, RowShare

FITS = "sklearn_lenet_fits"
"""The attribute of a Dask worker with its part of each fit."""

_fits_lock = threading.Lock()


@dataclass
class WorkerFit:
    """The part of a worker in a fit."""

    file: RowFile
    blocks: dict[int, BlockFacts] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    stop: threading.Event = field(default_factory=threading.Event)
    store: Any = None
    """The server of torch's rendezvous, on one of the workers."""


class BlockFacts(NamedTuple):
    """What a fit must know of a block of rows besides its pixels."""

    start: int
    """The number of the first row in the worker's file."""
    labels: NDArray[Any]
    weights: NDArray[np.float64] | None
    n_features: int
    image_shape: Shape
    names: NDArray[Any] | None
    """The names of the columns, if they have any."""
    pixel_type: np.dtype[Any]


class Outcome(NamedTuple):
    """The end of a training."""

    estimator: Any
    error: BaseException | None
    """Why it did not run to its end, if so."""
    durations: list[float | None]
    """The seconds of each epoch, which pickles of an estimator do not contain."""


def _fit_of(worker: Any, fit: str) -> WorkerFit:
    with _fits_lock:  # the first two blocks may come at the same time
        fits = worker.__dict__.setdefault(FITS, {})
        if fit not in fits:
            fits[fit] = WorkerFit(RowFile(worker.local_directory))
        part: WorkerFit = fits[fit]
        return part


def add_block(
    fit: str, number: int, estimator: Any, X: Any, y: Any, sample_weight: Any
) -> BlockFacts | None:
    """Check a block of rows and add it to the rows of this worker; None if it has no rows."""
    from distributed import get_worker

    if len(X) == 0:
        return None
    estimator = clone(estimator)
    rows, labels = check_images(estimator, X, y, dtype=PIXEL_TYPES, reset=True)
    weights = check_sample_weight(sample_weight, rows, may_be_zero=True)
    part = _fit_of(get_worker(), fit)
    with part.lock:  # Dask may run a task again
        if number not in part.blocks:
            part.blocks[number] = BlockFacts(
                part.file.add(rows),
                labels,
                weights,
                estimator.n_features_in_,
                estimator.image_shape_,
                getattr(estimator, "feature_names_in_", None),
                rows.dtype,
            )
        return part.blocks[number]


def describe(fit: str, own: OwnRows, shape: Shape) -> tuple[PixelSummary, list[Any]]:
    """Return the summary of the pixels of some of this worker's rows, and their corner values."""
    from distributed import get_worker

    file = _fit_of(get_worker(), fit).file
    weights = np.zeros(len(file))
    weights[own.numbers] = 1.0 if own.weights is None else own.weights
    summaries, corners = [], []
    for start, rows in file.chunks():
        of_rows = weights[start : start + len(rows)]
        used = of_rows > 0
        if used.any():
            summaries.append(summarise(rows[used], of_rows[used]))
            corners.append(corner_values(rows[used], shape, of_rows[used]))
    return merged(summaries), corners


def rows_of(fit: str, numbers: NDArray[Any]) -> Pixels:
    """Return rows of this worker."""
    from distributed import get_worker

    return _fit_of(get_worker(), fit).file.take(numbers)


def train_share(
    fit: str,
    rank: int,
    n_workers: int,
    rendezvous: tuple[str, int],
    estimator: Any,
    own: OwnRows,
    validation: OwnRows | None,
    plan: Plan,
    seed: int,
    verbose: int,
) -> Outcome | None:
    """Train a net on the rows of all workers; the first worker returns it."""
    from distributed import get_worker

    worker = get_worker()
    part = _fit_of(worker, fit)
    device = resolve_device(estimator.device)
    error: BaseException | None = None
    peers: GroupPeers | None = None
    try:
        store = None
        if n_workers > 1:
            store = part.store or connected(rendezvous, n_workers)
        host = host_of(worker.address)
        peers = GroupPeers(store, host, rank, n_workers, device=device, stop=part.stop)

        def share_of(rows: OwnRows, dtype: torch.dtype) -> RowShare:
            arrange, scale = estimator._arrange, estimator.pixel_scale_
            return RowShare(part.file, rows, arrange, scale, peers, dtype=dtype, device=device)

        def rows_of_type(dtype: torch.dtype) -> tuple[RowShare, RowShare | None]:
            validated = None if validation is None else share_of(validation, dtype)
            return share_of(own, dtype), validated

        def observer_of(training: Any) -> EpochReporter:
            return EpochReporter(training, plan, bool(verbose) and rank == 0)

        with whole_worker(worker.state.nthreads), without_profile(worker):
            estimator._train_on(
                rows_of_type,
                len(own.owners),
                replace(plan, calibrate=False),
                device,
                seed,
                observer_of,
                peers,
            )
    except (KeyboardInterrupt, DivergedError) as caught:
        error = caught
    finally:
        if peers is not None:
            peers.leave()
    if rank > 0:
        return None
    return Outcome(estimator, error, [epoch.get("dur") for epoch in estimator.history_])


class EpochReporter:
    """Prints a line for each epoch where the client is."""

    def __init__(self, training: Any, plan: Plan, shown: bool) -> None:
        self.training, self.plan, self.shown = training, plan, shown

    def begin_epoch(self) -> None:
        """Do nothing."""

    def end_epoch(self) -> bool:
        """Print the line of the epoch; do not ask to stop."""
        if self.shown:
            from distributed import get_worker

            line = epoch_line(
                self.training.history[-1], self.training.n_epochs, self.plan.length.epochs
            )
            # Dask's `print` prints here too: twice on the terminal of a `LocalCluster`.
            get_worker().log_event("print", line)
        return False

    def end(self) -> None:
        """Do nothing."""


def open_store(fit: str, n_workers: int, dask_worker: Any = None) -> tuple[str, int]:
    """Open the rendezvous of a fit at a free port of this worker; return host and port."""
    part = _fit_of(dask_worker, fit)
    host = host_of(dask_worker.address)
    part.store = _store(host, 0, n_workers, is_server=True)
    return host, part.store.port


def connected(rendezvous: tuple[str, int], n_workers: int) -> Any:
    """Return a connection to the rendezvous of a fit."""
    return _store(*rendezvous, n_workers, is_server=False)


def _store(host: str, port: int, n_workers: int, *, is_server: bool) -> Any:
    from torch.distributed import TCPStore  # type: ignore[attr-defined] # an implicit export

    return TCPStore(host, port, n_workers, is_server, wait_for_workers=False)


def host_of(address: str) -> str:
    """Return the host of a worker's address.

    >>> host_of("tcp://10.0.0.7:4711"), host_of("inproc://10.0.0.7/1/2")
    ('10.0.0.7', '127.0.0.1')
    """
    parts = urlsplit(address)
    return "127.0.0.1" if parts.scheme == "inproc" else str(parts.hostname)


def stop_fit(fit: str, dask_worker: Any = None) -> None:
    """Ask the training of a fit on this worker to stop after the present step."""
    part = dask_worker.__dict__.get(FITS, {}).get(fit)
    if part is not None:
        part.stop.set()


def end_fit(fit: str, dask_worker: Any = None) -> None:
    """Remove what this worker has kept for a fit."""
    part = dask_worker.__dict__.get(FITS, {}).pop(fit, None)
    if part is not None:
        part.stop.set()
        part.file.close()
        part.store = None
