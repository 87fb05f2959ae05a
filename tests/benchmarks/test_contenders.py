"""The contenders of the speed benchmark end their turns, and measure what they claim to measure."""

import _contenders
import _workers
import numpy as np
import pytest
from torch.utils.data import DataLoader

from sklearn_lenet.training import Batches


@pytest.fixture
def small_mnist(monkeypatch):
    """320 random rows in place of MNIST: five batches of 64, and one batch per turn."""
    rng = np.random.default_rng(0)
    rows = rng.integers(0, 256, (320, 784), dtype=np.uint8), rng.integers(0, 10, 320)
    monkeypatch.setattr(_contenders, "train", lambda: rows)
    monkeypatch.setattr(_contenders, "test", lambda: rows)
    monkeypatch.setattr(_contenders, "TENTH", 1)


@pytest.mark.parametrize(
    ("contender", "more"),
    [("ours_epoch", {}), ("loop_epoch", {"how": "uint8"}), ("skorch_epoch", {})],
)
def test_every_contender_ends_its_turn_within_an_epoch(contender, more, small_mnist, monkeypatch):
    ended = []
    monkeypatch.setattr(_workers.Turns, "end", lambda self: ended.append(1))
    for cls in (Batches, DataLoader):  # the contenders replace these; restore them afterwards
        monkeypatch.setattr(cls, "__iter__", cls.__iter__)
    run = getattr(_contenders, contender)(net={}, device="cpu", threads=None, **more)
    ended.clear()
    assert run() > 0
    assert len(ended) == 4  # between five batches


def test_a_fit_below_the_required_accuracy_is_an_error(small_mnist):
    with pytest.raises(RuntimeError, match="at least 99 % is required"):
        _contenders.ours_to_99("cpu")()


def test_the_peak_memory_includes_memory_that_is_freed_again():
    assert _contenders.peak_of(lambda: np.ones(40_000_000 // 8).sum())() > 35_000_000
