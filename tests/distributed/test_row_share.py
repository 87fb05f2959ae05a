import threading

import numpy as np
import pytest
import torch

from sklearn_lenet.distributed._group_peers import GroupPeers
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


def share_of(file, places, weights=None, n=6):
    """Return the share of a worker that has the rows at these places."""
    places = np.asarray(places, dtype=np.int64)
    own = OwnRows(n, places, 5 - places, (places % 3).astype(np.uint8), weights, 2.0)
    peers = GroupPeers(None, "", 0, 1, device=torch.device("cpu"), stop=threading.Event())
    cpu = {"dtype": torch.float32, "device": torch.device("cpu")}
    return RowShare(file, own, lambda rows: rows, SCALE, peers, **cpu)


def test_each_batch_has_the_rows_of_the_worker(file):
    share = share_of(file, [1, 2, 5])
    assert len(share) == 6
    order = torch.tensor([5, 0, 1, 4, 3, 2])
    parts = list(share.batches(order, 3))
    assert [part.share.n for part in parts] == [3, 3]
    assert [part.share.places.tolist() for part in parts] == [[0, 2], [2]]
    assert [part.n_own for part in parts] == [2, 1]
    batch, (codes,) = share.take(parts[0])
    np.testing.assert_array_equal(batch, (ROWS[[5, 1]] - 1.0) / 2.0)
    assert codes.tolist() == [2, 1]
    assert (share.peers.share, share.peers.n_own) == (parts[0].share, 2)


def test_weights_are_relative_to_the_mean_of_all_rows(file):
    share = share_of(file, [0, 3], weights=np.array([1.0, 3.0]))
    (part,) = share.batches(torch.arange(6), 6)
    _, (_, weights) = share.take(part)
    assert weights.tolist() == [0.5, 1.5]


def test_a_batch_without_own_rows_has_one_row_without_weight(file):
    share = share_of(file, [4])
    first, second = share.batches(torch.arange(6), 3)
    assert (first.n_own, second.n_own) == (0, 1)
    batch, (codes, weights) = share.take(first)
    assert batch.shape == (1, 2)
    assert codes.tolist() == [0]
    assert weights.tolist() == [0.0]


def test_the_augmentation_knows_the_share(file):
    seen = []

    def augment(batch, share):
        seen.append((share.n, share.places.tolist()))
        return batch + 100

    plain = share_of(file, [1, 2])
    (part,) = plain.batches(torch.arange(6), 6)
    changed, _ = plain.with_augmentation(augment).take(part)
    assert seen == [(6, [1, 2])]
    np.testing.assert_array_equal(changed, plain.take(part)[0] + 100)
    assert plain.y.tolist() == [1, 2]
