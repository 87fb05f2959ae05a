import numpy as np
import pytest
import torch

from sklearn_lenet.distributed import _row_share
from sklearn_lenet.distributed._row_file import RowFile
from sklearn_lenet.distributed._row_share import OwnRows, RowShare
from sklearn_lenet.utils import PixelScale

SCALE = PixelScale(1.0, 2.0, 0.0, 9.0, 9.0)
ROWS = np.arange(12, dtype=np.uint8).reshape(6, 2)


@pytest.fixture
def file(tmp_path):
    """Return a file in which row k of all rows is row 5 - k."""
    file = RowFile(tmp_path)
    file.add(ROWS[::-1])
    yield file
    file.close()


class TwoPeers:
    """One of two workers; the rows that the other one would lend are given."""

    n = 2

    def __init__(self, rank, lent):
        self.rank, self.lent = rank, lent

    def begin_batch(self, share, n_own):
        self.share, self.n_own = share, n_own

    def exchanged(self, rows, given, taken):
        self.sent, self.given, self.taken = rows, given.tolist(), taken.tolist()
        found = np.zeros(len(self.lent), dtype=rows.dtype)
        for row, (pixels, code, weight) in zip(found, self.lent, strict=True):
            row["pixels"], row["code"], row["weight"] = pixels, code, weight
        return found


def share_of(file, places, weights=None, lent=(), rank=0):
    """Return the share of a worker that has the rows at these places, of 6."""
    places = np.asarray(places, dtype=np.int64)
    owners = np.full(6, 1 - rank, dtype=np.uint8)
    owners[places] = rank
    codes = (places % 3).astype(np.uint8)
    own = OwnRows(owners, 5 - places, codes, weights, 2.0, np.dtype(np.uint8))
    cpu = {"dtype": torch.float32, "device": torch.device("cpu")}
    return RowShare(file, own, lambda rows: rows, SCALE, TwoPeers(rank, lent), **cpu)


def test_each_batch_has_the_rows_of_the_worker(file):
    share = share_of(file, [1, 2, 5])
    assert len(share) == 6
    order = torch.tensor([5, 0, 1, 4, 3, 2])
    parts = list(share.batches(order, 4))
    assert [part.share.n for part in parts] == [4, 2]
    assert [part.share.places.tolist() for part in parts] == [[0, 2], [1]]
    assert [part.n for part in parts] == [2, 1]
    batch, (codes,) = share.take(parts[0])
    np.testing.assert_array_equal(batch, (ROWS[[5, 1]] - 1.0) / 2.0)
    assert codes.tolist() == [2, 1]
    assert (share.peers.share, share.peers.n_own) == (parts[0].share, 2)


def test_weights_are_relative_to_the_mean_of_all_rows(file):
    share = share_of(file, [0, 1, 3], weights=np.array([1.0, 2.0, 3.0]))
    (part,) = share.batches(torch.arange(6), 6)
    _, (_, weights) = share.take(part)
    assert weights.tolist() == [0.5, 1.0, 1.5]


def test_a_worker_with_many_rows_lends_the_last_ones(file):
    share = share_of(file, [0, 1, 3, 4, 5], weights=np.arange(1.0, 6.0))
    (part,) = share.batches(torch.arange(6), 6)
    assert part.share.places.tolist() == [0, 1, 3]
    assert (share.peers.given, share.peers.taken) == ([0, 2], [0, 0])
    np.testing.assert_array_equal(share.peers.sent["pixels"], ROWS[[4, 5]])
    assert share.peers.sent["code"].tolist() == [1, 2]
    assert share.peers.sent["weight"].tolist() == [4.0, 5.0]


def test_a_worker_with_few_rows_borrows_some(file):
    share = share_of(file, [4], weights=np.array([2.0]), lent=[([9, 8], 2, 6.0), ([7, 6], 1, 8.0)])
    (part,) = share.batches(torch.arange(6), 6)
    assert (share.peers.given, share.peers.taken) == ([0, 0], [0, 2])
    assert part.share.places.tolist() == [4, 3, 5]
    batch, (codes, weights) = share.take(part)
    np.testing.assert_array_equal(batch, (np.array([ROWS[4], [9, 8], [7, 6]]) - 1.0) / 2.0)
    assert codes.tolist() == [1, 2, 1]
    assert weights.tolist() == [1.0, 3.0, 4.0]


def test_rows_are_exchanged_for_some_batches_at_a_time(file, monkeypatch):
    monkeypatch.setattr(_row_share, "WINDOW", 2)
    share = share_of(file, [0, 1, 2, 3])
    parts = share.batches(torch.arange(6), 2)
    next(parts)
    assert share.peers.sent["code"].tolist() == [1, 0]
    del share.peers.sent
    share.peers.lent = [([9, 8], 2, 6.0)]
    assert [part.n for part in parts] == [1, 1]
    assert len(share.peers.sent) == 0


def test_a_worker_without_a_row_of_a_batch_takes_one_without_weight(file):
    share = share_of(file, [4], rank=1)
    (part,) = share.batches(torch.tensor([4]), 1)
    assert (share.peers.given, share.peers.taken) == ([1, 0], [0, 0])
    assert (part.n, part.share.n, part.share.places.tolist()) == (0, 1, [0])
    batch, (codes, weights) = share.take(part)
    assert batch.shape == (1, 2)
    assert codes.tolist() == [0]
    assert weights.tolist() == [0.0]


def test_the_augmentation_knows_the_share(file):
    seen = []

    def augment(batch, share):
        seen.append((share.n, share.places.tolist()))
        return batch + 100

    plain = share_of(file, [1, 2, 4])
    (part,) = plain.batches(torch.arange(6), 6)
    changed, _ = plain.with_augmentation(augment).take(part)
    assert seen == [(6, [1, 2, 4])]
    np.testing.assert_array_equal(changed, plain.take(part)[0] + 100)
    assert plain.y.tolist() == [1, 2, 1]
