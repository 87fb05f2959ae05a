"""The workers of a fit, as threads of one process that have a store of torch in common."""

import threading


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
