import threading

import pytest
import torch

from sklearn_lenet.distributed._group_sum import GroupSum
from sklearn_lenet.distributed._groups import ALONE, joined
from sklearn_lenet.distributed._worker_tasks import connected

CPU = torch.device("cpu")


def counted(rank, round_number):
    """Return what a worker adds in a round."""
    return torch.full((3,), rank + 1.0 + round_number)


def sums(n, rounds, values=counted):
    """Return the sums of each of n workers, which are threads: of ``values(rank, round)``."""
    from torch.distributed import TCPStore

    store = TCPStore("127.0.0.1", 0, n, True, wait_for_workers=False)
    results = {}

    def run(rank):
        own = store if rank == 0 else connected(("127.0.0.1", store.port), n)
        tensor = torch.zeros_like(values(rank, 0))
        total = GroupSum(joined(own, "127.0.0.1", rank, n, CPU), rank, tensor)
        results[rank] = []
        for k in range(rounds):
            total.expect()
            tensor.copy_(values(rank, k))
            total.begin()
            results[rank].append(total.end().tolist())

    threads = [threading.Thread(target=run, args=(rank,)) for rank in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return [results[rank] for rank in range(n)]


def test_two_workers_have_the_sum_of_each_round():
    assert sums(2, 3) == [[[3.0] * 3, [5.0] * 3, [7.0] * 3]] * 2


def test_three_workers_have_the_sum_of_each_round():
    assert sums(3, 2) == [[[6.0] * 3, [9.0] * 3]] * 3


def test_five_workers_have_the_sum_of_each_round():
    assert sums(5, 2) == [[[15.0] * 3, [20.0] * 3]] * 5


@pytest.mark.parametrize("n", [3, 4, 5])
def test_all_workers_round_alike(n):
    values = torch.randn(n, 1000, generator=torch.Generator().manual_seed(0))
    first, *others = sums(n, 1, lambda rank, _: values[rank])
    assert others == [first] * (n - 1)
    torch.testing.assert_close(torch.tensor(first[0]), values.sum(0))


def test_the_sum_of_a_single_worker_is_the_tensor():
    total = GroupSum(ALONE, 0, torch.ones(2))
    total.expect()
    total.begin()
    assert total.end().tolist() == [1.0, 1.0]
