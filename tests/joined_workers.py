"""The workers of a fit, as threads of one process that have a store of torch in common."""

import threading

import torch


def in_workers(n, task):
    """Return what ``task(rank, store)`` returns or raises in each of n workers."""
    from torch.distributed import TCPStore

    from sklearn_lenet.distributed._worker_tasks import connected

    store = TCPStore("127.0.0.1", 0, n, True, wait_for_workers=False)
    results = {}

    def run(rank):
        own = store if rank == 0 else connected(("127.0.0.1", store.port), n)
        try:
            results[rank] = task(rank, own)
        except BaseException as error:
            results[rank] = error

    threads = [threading.Thread(target=run, args=(rank,)) for rank in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return tuple(results[rank] for rank in range(n))


def in_groups(n, task, hosts=("127.0.0.1",)):
    """Return what ``task(rank, groups)`` returns or raises in each of n workers on these hosts."""
    from sklearn_lenet.distributed._groups import joined

    def run(rank, store):
        return task(rank, joined(store, hosts[rank % len(hosts)], rank, n, torch.device("cpu")))

    return in_workers(n, run)
