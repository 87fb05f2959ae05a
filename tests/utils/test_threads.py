"""Torch's threads inside fits, workers and after errors."""

import threading
from collections import defaultdict

import pytest
import torch
from joblib import Parallel, delayed

from sklearn_lenet import LeNet5Classifier
from sklearn_lenet.training._batches import Rows
from sklearn_lenet.utils import _threads
from sklearn_lenet.utils._threads import threads

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
