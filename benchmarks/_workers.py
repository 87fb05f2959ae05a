"""Contenders in processes of their own, asked in turn: never two at once.

A process of one's own keeps what one contender does to the memory allocator and the
thread pools away from the others.
"""

import multiprocessing
import os
import statistics


def serve(pipe, make, arguments):
    """Make a contender and run it whenever asked."""
    contender = make(**arguments)
    while pipe.recv():
        pipe.send(contender())
    os._exit(0)  # at once: joblib's idle workers would be waited for, five minutes long


class Contender:
    """A function's result in a worker: ``make(**arguments)`` there, called here."""

    def __init__(self, make, **arguments):
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(theirs, make, arguments))
        self.process.start()
        theirs.close()

    def __call__(self):
        """Run once in the worker and return what it returned."""
        self.pipe.send(True)
        return self.pipe.recv()

    def stop(self):
        """End the worker."""
        self.pipe.send(False)
        self.process.join()


def alternate(contenders, rounds):
    """Return what each contender returned in each round; the first, cold, is not counted.

    No rounds at all count the cold one.
    """
    results = {name: [] for name in contenders}
    workers = {name: Contender(make, **kw) for name, (make, kw) in contenders.items()}
    for counted in [False] + [True] * rounds:
        for name, worker in workers.items():
            value = worker()
            if counted or rounds == 0:
                results[name].append(value)
                print(f"  {name}: {value:.4g}", flush=True)
    for worker in workers.values():
        worker.stop()
    return results


def medians(results):
    """Return the median of each contender."""
    return {name: statistics.median(values) for name, values in results.items()}
