"""Threads, denormals and devices."""

import threading
from collections import defaultdict

import pytest
import torch
from joblib import Parallel, delayed

from sklearn_lenet import LeNet5Classifier, _devices
from sklearn_lenet._batches import Rows
from sklearn_lenet._devices import flushed_denormals, threads

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


def test_the_limit_is_given_back_after_an_error(monkeypatch):
    monkeypatch.setattr(_devices, "_share_of_a_worker", lambda: 1)
    before = torch.get_num_threads()
    with pytest.raises(KeyError), threads(None), threads(None):
        assert torch.get_num_threads() == 1
        raise KeyError
    assert torch.get_num_threads() == before


def test_a_number_of_threads_holds_inside_only(digits, monkeypatch):
    before = torch.get_num_threads()
    monkeypatch.setattr(Rows, "take", spy)
    for n_threads in (1, before + 1):
        SEEN.clear()
        model = LeNet5Classifier(max_epochs=1, n_threads=n_threads, random_state=0)
        model.fit(digits[0][:64], digits[1][:64])
        assert set().union(*SEEN.values()) == {n_threads}
        assert torch.get_num_threads() == before


@pytest.mark.parametrize("before", [True, False])
def test_denormals_are_flushed_inside_only(before):
    tiny = torch.tensor(1e-40)
    torch.set_flush_denormal(before)
    try:
        with flushed_denormals():
            assert float(tiny * 1) == 0.0
        assert (float(tiny * 1) == 0.0) == before
    finally:
        torch.set_flush_denormal(False)
