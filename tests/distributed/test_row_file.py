import numpy as np
import pytest

from sklearn_lenet.distributed import _row_file
from sklearn_lenet.distributed._row_file import RowFile


@pytest.fixture(params=["memory", "disk"])
def file(request, tmp_path, monkeypatch):
    if request.param == "disk":
        monkeypatch.setattr(_row_file, "IN_MEMORY", 0)
    file = RowFile(tmp_path)
    yield file
    file.close()


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_rows_come_back_in_any_order(file, dtype):
    rows = np.random.default_rng(0).integers(0, 256, size=(50, 7)).astype(dtype)
    starts = [file.add(part) for part in (rows[:20], rows[20:21], rows[21:])]
    assert starts == [0, 20, 21]
    assert len(file) == 50
    order = np.random.default_rng(1).permutation(50)[:30]
    taken = file.take(order)
    assert taken.dtype == dtype
    np.testing.assert_array_equal(taken, rows[order])
    assert file.take(np.empty(0, dtype=int)).shape == (0, 7)


def test_rows_that_are_added_after_a_look_are_seen(file):
    file.add(np.ones((2, 3), dtype=np.uint8))
    file.take(np.array([0]))
    file.add(np.full((2, 3), 7, dtype=np.uint8))
    assert file.take(np.array([3, 1])).tolist() == [[7] * 3, [1] * 3]


def test_later_rows_take_the_type_of_the_first(file):
    file.add(np.ones((1, 2), dtype=np.float32))
    file.add(np.array([[3, 4]], dtype=np.uint8))
    assert file.take(np.array([1])).tolist() == [[3.0, 4.0]]


def test_chunks_cover_all_rows_in_order(file, monkeypatch):
    monkeypatch.setattr(_row_file, "CHUNK", 4)
    rows = np.arange(20, dtype=np.uint8).reshape(10, 2)
    file.add(rows)
    chunks = list(file.chunks())
    assert [start for start, _ in chunks] == [0, 4, 8]
    np.testing.assert_array_equal(np.concatenate([part for _, part in chunks]), rows)


def test_the_folder_is_empty_after_the_end(tmp_path):
    file = RowFile(tmp_path)
    file.add(np.ones((2, 3), dtype=np.uint8))
    file.close()
    assert list(tmp_path.iterdir()) == []
