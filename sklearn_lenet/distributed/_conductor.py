"""Conductor: runs the tasks of a fit on the workers that they belong to, and watches them."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ._group_peers import LostPeerError
from ._worker_tasks import end_fit, open_store, stop_fit

POLL, LOOK = 0.02, 0.5
"""Seconds between two looks at the tasks, and at the workers."""

GRACE = 5.0
"""Seconds that the other workers of a fit that failed have to end."""


class LostWorkerError(RuntimeError):
    """A worker was lost during a distributed fit.

    The other workers have ended their part of the fit and can be used again.

    Examples
    --------
    >>> from sklearn_lenet import LostWorkerError
    >>> def fit(clf, X, y, attempts=3):
    ...     for attempt in range(attempts):
    ...         try:
    ...             return clf.fit(X, y)
    ...         except LostWorkerError:
    ...             if attempt == attempts - 1:
    ...                 raise
    """


class Conductor:
    """One fit on the workers of a client."""

    def __init__(self, client: Any) -> None:
        self.client, self.fit = client, f"fit-{uuid.uuid4().hex}"
        self.workers: list[str] = sorted(client.nthreads())
        if not self.workers:
            raise ValueError(
                "the cluster has no workers: add some, or call client.wait_for_workers(1)."
            )
        self.futures: list[Any] = []

    def __enter__(self) -> Conductor:
        return self

    def __exit__(self, *_: Any) -> None:
        self.forget()
        self.run(end_fit)

    def forget(self) -> None:
        """Remove the data that were sent and the results so far from the workers."""
        self.client.cancel(self.futures)
        for future in self.futures:
            future.release()
        self.futures = []

    def keep(self, workers: Sequence[str]) -> None:
        """Use only these workers from now on."""
        self.workers = [worker for worker in self.workers if worker in workers]

    def submit(self, worker: str, task: Callable[..., Any], *arguments: Any) -> Any:
        """Return the future of a task with arguments on a worker."""
        name = f"{task.__name__}-{uuid.uuid4().hex}"
        return self.client.submit(
            task, self.fit, *arguments,
            key=name, workers=[worker], allow_other_workers=False, pure=False, retries=0,
        )  # fmt: skip

    def compute(self, task: Any, worker: str, priority: int) -> Any:
        """Return the future of a delayed task and of all tasks that it needs, on a worker."""
        return self.client.compute(
            task, workers=[worker], allow_other_workers=False, retries=0, priority=priority
        )

    def scattered(self, worker: str, data: Any) -> Any:
        """Send data to a worker; return its future."""
        # A list or tuple itself would be sent as one future for each item.
        (future,) = self.client.scatter([data], workers=[worker], hash=False)
        self.futures.append(future)
        return future

    def run(self, function: Callable[..., Any], workers: Sequence[str] | None = None) -> None:
        """Call a function for this fit on workers, also while tasks run there."""
        alive = self.client.nthreads()
        at = [worker for worker in workers or self.workers if worker in alive]
        if at:
            self.client.run(function, self.fit, workers=at, on_error="ignore")

    def rendezvous(self, n_workers: int) -> tuple[str, int]:
        """Open a meeting place of torch at the first worker; return host and port."""
        first = self.workers[0]
        opened = self.client.run(open_store, self.fit, n_workers, workers=[first])
        place: tuple[str, int] = opened[first]
        return place

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other fits from training on these workers at the same time."""
        from distributed import MultiLock

        # Each training needs all its workers at once: two that have a part of them would wait
        # for each other for ever.
        names = [f"sklearn_lenet-{worker}" for worker in self.workers]
        lock = MultiLock(names=names, client=self.client)
        while not lock.acquire(timeout=LOOK):
            self._check_workers()
        try:
            yield
        finally:
            lock.release()

    def holders(self, futures: Sequence[Sequence[Any]]) -> list[list[str]]:
        """Return the workers that have the data of each group of futures."""
        every = [future for group in futures for future in group]
        self._wait(every)
        at = self.client.who_has(every) if every else {}
        return [[worker for f in group for worker in at.get(f.key, ())] for group in futures]

    def results(self, futures: Sequence[Any]) -> list[Any]:
        """Return the results of tasks; raise the error of one, or one for a lost worker."""
        self.futures += futures
        self._wait(futures)
        failed = [future for future in futures if future.status != "finished"]
        if failed:
            self._check_workers()
            errors = [future.exception() for future in failed if future.status == "error"]
            first = [error for error in errors if not isinstance(error, LostPeerError)] + errors
            if first:
                raise first[0]
            raise LostWorkerError(
                "the tasks of the fit were cancelled on the cluster: call fit again."
            )
        return list(self.client.gather(list(futures)))

    def _wait(self, futures: Sequence[Any]) -> None:
        """Wait until all tasks have ended, or one has failed and its peers have ended."""
        changed = threading.Event()
        for future in futures:
            future.add_done_callback(lambda _: changed.set())
        # distributed.wait needs this client to be the default one of all threads.
        while any(future.status == "pending" for future in futures):
            # A look takes time on a core that a worker of this machine may need.
            if not changed.wait(LOOK):
                self._check_workers()
            changed.clear()
            # Data that was sent to a lost worker is lost too, and Dask cancels the task.
            if any(future.status in ("error", "cancelled", "lost") for future in futures):
                self._end(futures)
                break

    def results_so_far(self, futures: Sequence[Any]) -> list[Any]:
        """Stop the training; return the results that it has reached."""
        self.run(stop_fit)
        return self.results(futures)

    def _end(self, futures: Sequence[Any]) -> None:
        """Wait a moment until all tasks of a fit that failed have ended."""
        self.run(stop_fit)
        end = time.monotonic() + GRACE
        while time.monotonic() < end and any(f.status == "pending" for f in futures):
            time.sleep(POLL)
            if set(self.workers) - set(self.client.nthreads()):
                return

    def _check_workers(self) -> None:
        """Raise an error if a worker of the fit is no longer there."""
        lost = sorted(set(self.workers) - set(self.client.nthreads()))
        if lost:
            self.run(stop_fit)
            raise LostWorkerError(
                f"the worker {', '.join(lost)} was lost during the fit, and its rows with it: "
                "call fit again. If it was killed for its memory, use more workers or smaller "
                "blocks."
            )
