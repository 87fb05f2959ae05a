"""A fit and a prediction in a Dask worker take their share of its cores, and leave no trace."""

import os
import subprocess
import sys
from contextlib import contextmanager

import joblib
import numpy as np
import pytest
import torch

distributed = pytest.importorskip("distributed", reason="needs the extra dask")
dask = pytest.importorskip("dask")

rng = np.random.default_rng(0)
X, Y = rng.random((64, 64), dtype=np.float32), np.arange(64) % 2


@contextmanager
def with_nannies(cluster):
    with distributed.Client(cluster) as client:
        yield client


@contextmanager
def with_more_threads(monkeypatch):
    """A worker whose Nanny sets two threads; without the variable that Dask leaves behind."""
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    setting = {"distributed.nanny.pre-spawn-environ.OMP_NUM_THREADS": 2}
    with (
        dask.config.set(setting),
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, dashboard_address="127.0.0.1:0"
        ) as one,
        distributed.Client(one) as client,
    ):
        yield client


@contextmanager
def without_nanny():
    """A worker process without a Nanny, as `dask worker --no-nanny` starts it."""
    options = ["--no-nanny", "--nthreads", "2", "--no-dashboard"]
    with (
        distributed.LocalCluster(
            n_workers=0, host="127.0.0.1", dashboard_address="127.0.0.1:0"
        ) as none,
        distributed.Client(none) as client,
    ):
        command = [sys.executable, "-m", "dask", "worker", none.scheduler_address, *options]
        worker = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            client.wait_for_workers(1, timeout=30)
            yield client
            client.retire_workers()
            worker.communicate(timeout=30)
        finally:
            worker.kill()
            worker.wait()
            worker.stdout.close()


@contextmanager
def in_this_process():
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=2,
            processes=False,
            protocol="tcp://",
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
        ) as threaded,
        distributed.Client(threaded) as client,
    ):
        yield client


@pytest.fixture(params=["nannies", "more threads", "no nanny", "this process"])
def kind(request, cluster, monkeypatch):
    """A client of a cluster of each kind, and the share of a task in it."""
    kinds = {
        "nannies": (lambda: with_nannies(cluster), 1),
        "more threads": (lambda: with_more_threads(monkeypatch), 2),
        "no nanny": (without_nanny, 1),
        "this process": (in_this_process, 1),
    }
    start, share = kinds[request.param]
    with start() as client:
        yield client, share


def tools():
    """Functions for tasks; those of a function travel by value, and not with this module."""

    def note_threads():
        """Let this process note torch's number of threads in each fit and prediction."""
        import torch

        from sklearn_lenet.training import _inference
        from sklearn_lenet.training._batches import Rows

        if hasattr(_inference, "seen"):  # several workers in one process
            return
        seen = _inference.seen = []
        take, to_tensor = _inference.originals = Rows.take, _inference.to_tensor
        Rows.take = lambda *args: seen.append(torch.get_num_threads()) or take(*args)
        _inference.to_tensor = lambda *args: (
            seen.append(torch.get_num_threads()) or to_tensor(*args)
        )

    def noted():
        """Return what was noted, and end it."""
        from sklearn_lenet.training import _inference
        from sklearn_lenet.training._batches import Rows

        if not hasattr(_inference, "seen"):
            return []
        Rows.take, _inference.to_tensor = _inference.originals
        seen = _inference.seen
        del _inference.seen, _inference.originals
        return seen

    def work(k, X, y):
        """Fit and predict; return torch's number of threads before and after."""
        import torch

        from sklearn_lenet import DenseDigitClassifier

        before = torch.get_num_threads()
        model = DenseDigitClassifier(max_epochs=1 + k % 3, n_threads=[None, 8][k % 2])
        model.fit(X, y).predict(X)
        return before, torch.get_num_threads()

    def torch_threads():
        """Return the number of a thread that is new to torch."""
        import threading

        import torch

        found = []
        thread = threading.Thread(target=lambda: found.append(torch.get_num_threads()))
        thread.start()
        thread.join()
        return found[0]

    return note_threads, noted, work, torch_threads


def test_a_task_takes_its_share_and_leaves_no_trace(kind):
    client, share = kind
    note_threads, noted, work, torch_threads = tools()
    environment, torch_before = dict(os.environ), torch.get_num_threads()
    workers_before = client.run(lambda: dict(os.environ))
    numbers_before = client.run(torch_threads)
    client.run(note_threads)
    by_client = client.gather([client.submit(work, k, X, Y, pure=False) for k in range(6)])
    with joblib.parallel_config(backend="dask", client=client):
        by_joblib = joblib.Parallel()(joblib.delayed(work)(k, X, Y) for k in range(6))
    seen = [number for numbers in client.run(noted).values() for number in numbers]
    assert len(seen) >= 12 * 2
    assert set(seen) == {share}
    # Before its first fit, a thread has the number that any thread has set last.
    of_new_threads = set(numbers_before.values())
    assert all(after in {before, *of_new_threads} for before, after in by_client + by_joblib)
    # Dask sets variables in this process before a Nanny starts; what follows is ours.
    assert dict(os.environ) == environment
    assert torch.get_num_threads() == torch_before
    assert client.run(lambda: dict(os.environ)) == workers_before
    assert client.run(torch_threads) == numbers_before


def test_a_task_that_has_a_whole_worker(client):
    def work(X, y):
        import torch

        from sklearn_lenet import DenseDigitClassifier
        from sklearn_lenet.utils import threads, whole_worker

        with whole_worker(2):
            DenseDigitClassifier(max_epochs=1).fit(X, y)
            with threads(None):
                inside = torch.get_num_threads()
        with threads(None):
            return inside, torch.get_num_threads()

    assert client.submit(work, X, Y, pure=False).result() == (2, 1)
