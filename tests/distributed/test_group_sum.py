import threading

import torch

from sklearn_lenet.distributed._group_sum import GroupSum
from sklearn_lenet.distributed._groups import ALONE, joined
from sklearn_lenet.distributed._worker_tasks import connected

CPU = torch.device("cpu")


def sums(n, rounds):
    """Return the sums of each of n workers, which are threads: worker k adds k + 1 + round."""
    from torch.distributed import TCPStore

    store = TCPStore("127.0.0.1", 0, n, True, wait_for_workers=False)
    results = {}

    def run(rank):
        own = store if rank == 0 else connected(("127.0.0.1", store.port), n)
        tensor = torch.zeros(3)
        total = GroupSum(joined(own, "127.0.0.1", rank, n, CPU), rank, tensor)
        results[rank] = []
        for k in range(rounds):
            total.expect()
            tensor.fill_(rank + 1.0 + k)
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


def test_the_sum_of_a_single_worker_is_the_tensor():
    total = GroupSum(ALONE, 0, torch.ones(2))
    total.expect()
    total.begin()
    assert total.end().tolist() == [1.0, 1.0]
