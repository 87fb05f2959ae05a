"""The tasks of a worker, called here with a worker that is only a folder and an address."""

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from sklearn_lenet import LeNet5Classifier
from sklearn_lenet.distributed import _worker_tasks as tasks
from sklearn_lenet.distributed._row_share import OwnRows
from sklearn_lenet.utils import Shape, learn_scale, scale_of


class Worker:
    def __init__(self, folder):
        self.local_directory, self.address = str(folder), "tcp://127.0.0.1:1"


@pytest.fixture
def worker(tmp_path, monkeypatch):
    worker = Worker(tmp_path)
    monkeypatch.setattr("distributed.get_worker", lambda: worker)
    yield worker
    tasks.end_fit("f", dask_worker=worker)


ROWS = np.arange(48, dtype=np.uint8).reshape(3, 16)


def added(number=0, weights=None, rows=ROWS):
    labels = np.arange(len(rows)) % 2
    return tasks.add_block("f", number, LeNet5Classifier(), rows, labels, weights)


def test_blocks_follow_each_other_in_the_file(worker):
    first, second = added(0), added(1, weights=[0.0, 0.0, 0.0])
    assert (first.start, second.start) == (0, 3)
    assert first.weights is None
    assert second.weights.tolist() == [0.0] * 3
    assert (first.n_features, first.image_shape, first.names) == (16, Shape(4, 4), None)
    np.testing.assert_array_equal(tasks.rows_of("f", np.array([5, 0])), ROWS[[2, 0]])


def test_a_block_that_is_added_again_is_kept_once(worker):
    first = added(0)
    assert added(0) is first
    assert added(1).start == 3


def test_a_block_without_rows(worker):
    assert added(rows=ROWS[:0]) is None


def test_the_description_is_that_of_the_rows_with_weight(worker):
    added(0), added(1, rows=ROWS[::-1] + 100)
    weights = np.array([1.0, 0.0, 3.0])
    owners = np.array([0, 0, 1, 1, 1, 0])
    own = OwnRows(owners, np.array([0, 1, 5]), np.zeros(3), weights, 1.0, np.dtype(np.uint8))
    summary, [(values, sums)] = tasks.describe("f", own, Shape(4, 4))
    used = np.stack([ROWS[0], ROWS[0] + 100])
    assert scale_of(summary) == pytest.approx(learn_scale(used, np.array([1.0, 3.0])))
    corners = {0: 1.0, 3: 1.0, 12: 1.0, 15: 1.0, 100: 3.0, 103: 3.0, 112: 3.0, 115: 3.0}
    assert dict(zip(values.tolist(), sums.tolist(), strict=True)) == corners


def test_the_end_removes_the_rows(worker, tmp_path):
    added(0)
    part = getattr(worker, tasks.FITS)["f"]
    tasks.stop_fit("f", dask_worker=worker)
    assert part.stop.is_set()
    tasks.end_fit("f", dask_worker=worker)
    assert getattr(worker, tasks.FITS) == {}
    assert list(tmp_path.iterdir()) == []
    tasks.end_fit("f", dask_worker=worker)  # a second time does nothing
    tasks.stop_fit("f", dask_worker=worker)


def test_the_rendezvous_is_at_a_free_port(worker):
    host, port = tasks.open_store("f", 2, dask_worker=worker)
    assert host == "127.0.0.1"
    store = tasks.connected((host, port), 2)
    assert store.add("x", 2) == 2


def test_blocks_that_come_at_the_same_time_share_a_file(worker, monkeypatch):
    class Slow(tasks.RowFile):
        def __init__(self, folder):
            time.sleep(0.1)
            super().__init__(folder)

    monkeypatch.setattr(tasks, "RowFile", Slow)
    with ThreadPoolExecutor(2) as pool:
        blocks = list(pool.map(added, range(2)))
    assert sorted(block.start for block in blocks) == [0, 3]
