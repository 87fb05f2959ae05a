"""Torch's threads inside fits, workers and after errors."""

import sys
import threading
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
import torch
from joblib import Parallel, delayed

from sklearn_lenet import LeNet5Classifier
from sklearn_lenet.training._batches import Rows
from sklearn_lenet.utils import _threads
from sklearn_lenet.utils._threads import dask_task, threads, whole_worker

SEEN = defaultdict(set)


def spy(rows, index, take=Rows.take):
    SEEN[threading.get_ident()].add(torch.get_num_threads())
    return take(rows, index)


def threads_of_a_fit(X, y, n_threads=None):
    Rows.take = spy  # also in a worker process, which imports everything anew
    SEEN.pop(threading.get_ident(), None)
    LeNet5Classifier(max_epochs=1, n_threads=n_threads, random_state=0).fit(X, y)
    return SEEN[threading.get_ident()]


@pytest.mark.parametrize("n_threads", [None, 8])
@pytest.mark.parametrize("backend", ["loky", "threading"])
def test_workers_share_the_cores(digits, backend, n_threads, monkeypatch):
    monkeypatch.setattr(Rows, "take", spy)
    X, y = digits[0][:64], digits[1][:64]
    before = torch.get_num_threads()
    seen = Parallel(n_jobs=2, backend=backend)(
        delayed(threads_of_a_fit)(X, y, n_threads) for _ in range(4)
    )
    allowed = max(1, before // 2) if backend == "loky" else 1
    assert [max(threads) <= allowed for threads in seen] == [True] * 4
    # Outside of workers torch keeps its choice.
    assert torch.get_num_threads() == before
    assert threads_of_a_fit(X, y) == {before}


def test_the_limit_ends_after_an_error(monkeypatch):
    monkeypatch.setattr(_threads, "_share_of_a_worker", lambda: 1)
    before = torch.get_num_threads()
    with pytest.raises(KeyError), threads(None), threads(None):
        assert torch.get_num_threads() == 1
        raise KeyError
    assert torch.get_num_threads() == before


def test_n_threads_is_limited_to_fit_and_predict(digits, monkeypatch):
    before = torch.get_num_threads()
    monkeypatch.setattr(Rows, "take", spy)
    for n_threads in (1, before + 1):
        SEEN.clear()
        model = LeNet5Classifier(max_epochs=1, n_threads=n_threads, random_state=0)
        model.fit(digits[0][:64], digits[1][:64])
        assert set().union(*SEEN.values()) == {n_threads}
        assert torch.get_num_threads() == before


def in_threads(*tasks):
    """Run functions in threads at the same time; return their results."""
    with ThreadPoolExecutor(len(tasks)) as pool:
        return [future.result(timeout=10) for future in [pool.submit(task) for task in tasks]]


def test_the_end_of_an_inner_limit_restores_the_outer_one():
    before = torch.get_num_threads()
    with threads(before + 2):
        with threads(before + 1):
            assert torch.get_num_threads() == before + 1
        assert torch.get_num_threads() == before + 2
    assert torch.get_num_threads() == before


def test_tasks_that_overlap_keep_their_share_and_restore_the_number():
    before = torch.get_num_threads()
    first_ends, second_runs = threading.Event(), threading.Event()

    def first():
        with whole_worker(before + 1), threads(None):
            assert second_runs.wait(5)
            seen = torch.get_num_threads()
        first_ends.set()
        return seen, torch.get_num_threads()

    def second():
        with whole_worker(before + 2), threads(None):
            second_runs.set()
            assert first_ends.wait(5)
            seen = torch.get_num_threads()
        return seen, torch.get_num_threads()

    assert in_threads(first, second) == [(before + 1, before), (before + 2, before)]
    # A thread that is new to torch starts with the number of the process.
    assert in_threads(torch.get_num_threads) == [before]
    assert torch.get_num_threads() == before


def test_a_whole_worker_has_its_threads(monkeypatch):
    with whole_worker(3):
        assert _threads._share_of_a_worker() == 3
        with dask_task():
            assert _threads._share_of_a_worker() == 3
    with dask_task():
        assert _threads._share_of_a_worker() == 1
        assert in_threads(_threads._share_of_a_worker) == [None]
    assert _threads._share_of_a_worker() is None


@pytest.mark.parametrize(
    ("nanny", "variable", "share"),
    [
        ("tcp://127.0.0.1:1", "1", 1),
        ("tcp://127.0.0.1:1", "3", 3),
        ("tcp://127.0.0.1:1", None, 1),
        ("tcp://127.0.0.1:1", "3,2", 1),
        (None, "3", 1),
        (None, None, 1),
    ],
)
def test_the_share_of_a_dask_task(monkeypatch, nanny, variable, share):
    module = SimpleNamespace(get_worker=lambda: SimpleNamespace(nanny=nanny))
    monkeypatch.setitem(sys.modules, "distributed.worker", module)
    if variable is None:
        monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    else:
        monkeypatch.setenv("OMP_NUM_THREADS", variable)
    assert _threads._share_of_a_worker() == share
    with whole_worker(5):
        assert _threads._share_of_a_worker() == 5


def test_outside_of_tasks_dask_changes_nothing(monkeypatch):
    def get_worker():
        raise ValueError("No worker found")

    monkeypatch.setitem(sys.modules, "distributed.worker", SimpleNamespace(get_worker=get_worker))
    assert _threads._share_of_a_worker() is None
    monkeypatch.delitem(sys.modules, "distributed.worker")
    assert _threads._share_of_a_worker() is None
