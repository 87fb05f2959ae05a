"""The engine: batches, weighted loss, epochs, threads, devices."""

import threading
from collections import defaultdict

import numpy as np
import pytest
import torch
from joblib import Parallel, delayed

from sklearn_lenet import LeNet5Classifier, _training
from sklearn_lenet._training import (
    Batches,
    Rows,
    WeightedCrossEntropy,
    epochs_for,
    limited_threads,
    standardise,
)


def rows_of(n, weights=None):
    pixels = torch.arange(n, dtype=torch.uint8)[:, None]
    return Rows(pixels, torch.arange(n), weights, lambda batch: batch.float())


def test_batches_are_slices_of_one_permutation():
    batches = Batches(rows_of(10), 4, torch.Generator().manual_seed(0))
    passes = [[codes for _, (codes,) in batches] for _ in range(2)]
    assert [len(codes) for codes in passes[0]] == [4, 4, 2]
    assert len(batches) == 3
    for one_pass in passes:
        assert torch.cat(one_pass).sort().values.tolist() == list(range(10))
    assert not torch.equal(torch.cat(passes[0]), torch.cat(passes[1]))


def test_a_batch_keeps_pixels_codes_and_weights_together():
    for pixels, (codes, weights) in Batches(rows_of(9, torch.arange(9) * 10), 4, torch.Generator()):
        assert torch.equal(pixels[:, 0], codes.float())
        assert torch.equal(weights, codes * 10)


def test_weighted_loss_by_hand():
    logits = torch.tensor([[0.0, 0.0], [0.0, np.log(3.0)]])
    codes, weights = torch.tensor([0, 1]), torch.tensor([1.0, 3.0])
    # -log(1/2) with weight 1, -log(3/4) with weight 3
    expected = (np.log(2) + 3 * np.log(4 / 3)) / 4
    assert WeightedCrossEntropy()(logits, [codes, weights]).item() == pytest.approx(expected)
    unweighted = (np.log(2) + np.log(4 / 3)) / 2
    assert WeightedCrossEntropy()(logits, [codes]).item() == pytest.approx(unweighted)


def test_standardise_leaves_the_resident_rows_alone():
    pixels = torch.tensor([[0.0, 4.0]])
    assert standardise(pixels, 2.0, 0.5, torch.float32).tolist() == [[-4.0, 4.0]]
    assert pixels.tolist() == [[0.0, 4.0]]
    assert standardise(pixels * 1e9, 0.0, 1.0, torch.float32).max() == _training.LIMIT


@pytest.mark.parametrize(
    ("n_rows", "epochs"), [(1, 60), (1600, 60), (10_000, 10), (60_000, 5), (10**7, 5)]
)
def test_auto_makes_more_passes_over_fewer_rows(n_rows, epochs):
    assert epochs_for("auto", n_rows, 64) == epochs
    assert epochs_for(7, n_rows, 64) == 7


SEEN = defaultdict(set)


def spy(rows, index, take=Rows.take):
    SEEN[threading.get_ident()].add(torch.get_num_threads())
    return take(rows, index)


def threads_of_a_fit(X, y):
    Rows.take = spy  # also in a worker process, which imports everything anew
    SEEN.pop(threading.get_ident(), None)
    LeNet5Classifier(max_epochs=1, random_state=0).fit(X, y)
    return SEEN[threading.get_ident()]


@pytest.mark.parametrize("backend", ["loky", "threading"])
def test_workers_share_the_cores(digits, backend, monkeypatch):
    monkeypatch.setattr(Rows, "take", spy)
    X, y = digits[0][:64], digits[1][:64]
    before = torch.get_num_threads()
    seen = Parallel(n_jobs=2, backend=backend)(delayed(threads_of_a_fit)(X, y) for _ in range(4))
    allowed = max(1, before // 2) if backend == "loky" else 1
    assert [max(threads) <= allowed for threads in seen] == [True] * 4
    # Outside of workers torch keeps its choice.
    assert torch.get_num_threads() == before
    assert threads_of_a_fit(X, y) == {before}


def test_the_limit_is_given_back_after_an_error(monkeypatch):
    monkeypatch.setattr(_training, "_in_unlimited_worker", lambda: True)
    before = torch.get_num_threads()
    with pytest.raises(KeyError), limited_threads(), limited_threads():
        assert torch.get_num_threads() == 1
        raise KeyError
    assert torch.get_num_threads() == before
