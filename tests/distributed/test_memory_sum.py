import multiprocessing
import os
import platform
import signal
import sys
import threading
import time
from datetime import timedelta

import pytest
import torch
from joined_workers import in_groups

from sklearn_lenet.distributed import _memory_sum
from sklearn_lenet.distributed._group_sum import GroupSum
from sklearn_lenet.distributed._memory_sum import MemorySum, Segment, memory_sum

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64",
    reason="memory is shared on Linux and x86-64",
)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The folder of the segments."""
    monkeypatch.setattr(_memory_sum, "FOLDER", tmp_path)
    return tmp_path


def summed(total, values):
    """Return the sum of the values of all workers."""
    total.expect()
    total.values.copy_(values)
    total.begin()
    return total.end().clone()


@pytest.mark.parametrize("n", [2, 3, 5])
def test_workers_have_the_sum_of_each_round(n):
    def task(rank, groups):
        total = memory_sum(groups.whole, rank, torch.zeros(4))
        results = [summed(total, torch.full((4,), rank + 10.0 * k)).tolist() for k in range(5)]
        total.close()
        return results

    ranks = n * (n - 1) / 2
    assert in_groups(n, task) == ([[ranks + 10.0 * k * n] * 4 for k in range(5)],) * n


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_bits_are_those_of_sent_tensors(dtype):
    values = torch.randn(3, 1000, dtype=dtype, generator=torch.Generator().manual_seed(0))

    def task(rank, groups):
        shared = memory_sum(groups.whole, rank, torch.zeros(1000, dtype=dtype))
        sent = GroupSum(groups, rank, torch.zeros(1000, dtype=dtype))
        results = summed(shared, values[rank]), summed(sent, values[rank])
        shared.close()
        return results

    for shared, sent in in_groups(3, task):
        assert torch.equal(shared, sent)
        torch.testing.assert_close(shared, values.sum(0))


def test_a_worker_that_is_a_step_ahead_leaves_the_values_that_others_still_read():
    ahead = threading.Event()

    def task(rank, groups):
        total = memory_sum(groups.whole, rank, torch.zeros(2))
        total.values.fill_(rank + 1.0)
        total.begin()
        if rank == 1:
            assert ahead.wait(10)
            first = total.end().tolist()
            total.values.fill_(20.0)
            total.begin()
        else:
            first = total.end().tolist()
            total.values.fill_(10.0)
            total.begin()
            ahead.set()
        second = total.end().tolist()
        total.close()
        return first, second

    assert in_groups(2, task) == (([3.0, 3.0], [30.0, 30.0]),) * 2


def test_no_file_is_left(folder):
    def task(rank, groups):
        total = memory_sum(groups.whole, rank, torch.zeros(2))
        result = summed(total, torch.ones(2)).tolist()
        total.close()
        return result

    assert in_groups(2, task) == ([2.0, 2.0],) * 2
    assert os.listdir(folder) == []


def test_only_the_user_may_read_the_values(folder):
    segment = Segment(folder / "own", torch.zeros(2), is_own=True)
    assert (folder / "own").stat().st_mode & 0o077 == 0
    segment.close()


@pytest.mark.parametrize("what", ["no folder", "other processors", "no memory left"])
def test_workers_that_share_no_memory_have_no_such_sum(what, folder, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    if what == "no folder":
        monkeypatch.setattr(_memory_sum, "FOLDER", folder / "missing")
    elif what == "other processors":
        monkeypatch.setattr(_memory_sum, "PROCESSORS", ())
    else:
        monkeypatch.setattr(os, "posix_fallocate", full)
    assert in_groups(2, lambda rank, groups: memory_sum(groups.whole, rank, torch.zeros(2))) == (
        None,
        None,
    )
    assert os.listdir(folder) == []


def test_workers_with_gpus_ask_nobody():
    assert memory_sum(None, 0, torch.zeros(2, device="meta")) is None


def test_no_worker_shares_memory_if_one_is_on_another_machine(folder, monkeypatch):
    opened = Segment.__init__

    def init(self, path, like, *, is_own):
        if not is_own and threading.current_thread().name == "far":
            raise FileNotFoundError(path)
        opened(self, path, like, is_own=is_own)

    monkeypatch.setattr(Segment, "__init__", init)

    def task(rank, groups):
        if rank == 2:
            threading.current_thread().name = "far"
        return memory_sum(groups.whole, rank, torch.zeros(2))

    assert in_groups(3, task) == (None, None, None)
    assert os.listdir(folder) == []


def test_a_worker_that_leaves_is_an_error():
    def task(rank, groups):
        total = memory_sum(groups.whole, rank, torch.zeros(2))
        start = time.monotonic()
        try:
            if rank == 0:
                total.begin()
                total.end()
        finally:
            total.close()
            assert time.monotonic() - start < 5

    error, _ = in_groups(2, task)
    assert isinstance(error, RuntimeError)
    assert str(error) == "a worker has ended."


def test_the_values_of_a_worker_that_has_left_since_are_added():
    left = threading.Event()

    def task(rank, groups):
        total = memory_sum(groups.whole, rank, torch.zeros(2))
        total.values.fill_(1.0)
        total.begin()
        if rank == 0:
            assert left.wait(10)
        result = total.end().tolist()
        total.close()
        left.set()
        return result

    assert in_groups(2, task) == ([2.0, 2.0],) * 2


def holds(path, ready):
    """Hold a segment until the process is killed."""
    segment = Segment(path, torch.zeros(2), is_own=True)
    ready.set()
    time.sleep(60)
    segment.close()


def test_the_lock_of_a_killed_process_is_free(folder):
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    process = context.Process(target=holds, args=(folder / "other", ready))
    process.start()
    assert ready.wait(60)
    other = Segment(folder / "other", torch.zeros(2), is_own=False)
    own = Segment(folder / "own", torch.zeros(2), is_own=True)
    total = MemorySum([own, other], 0, torch.zeros(2))
    assert not other.has_ended()
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    total.begin()
    with pytest.raises(RuntimeError, match=r"^a worker has ended\.$"):
        total.end()
    total.close()


def test_a_worker_that_does_not_answer_is_an_error(folder, monkeypatch):
    monkeypatch.setattr(_memory_sum, "TIMEOUT", timedelta(seconds=1))
    silent = Segment(folder / "silent", torch.zeros(2), is_own=True)
    seen = Segment(folder / "silent", torch.zeros(2), is_own=False)
    own = Segment(folder / "own", torch.zeros(2), is_own=True)
    total = MemorySum([own, seen], 0, torch.zeros(2))
    total.begin()
    with pytest.raises(RuntimeError, match=r"^a worker did not answer for 1 seconds\.$"):
        total.end()
    total.close()
    silent.close()
