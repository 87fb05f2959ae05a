"""Contenders in processes of their own, asked in turn: never two at once.

A process of one's own keeps what one contender does to the memory allocator and the
thread pools away from the others. Another program on the machine slows it for seconds on
end: what takes as long is cut into parts that are taken in turn, so that it meets all alike.
"""

import multiprocessing
import os
import statistics
import time

RUN, TURN, DONE = "run", "turn", "done"


class Turns:
    """What this process does in its turns; outside a worker its turn never ends."""

    pipe = None
    away = 0.0
    """Seconds spent waiting for the next turn."""

    def end(self):
        """Let the others have their turn."""
        if self.pipe is not None:
            start = time.perf_counter()
            self.pipe.send((TURN, None))
            self.pipe.recv()
            self.away += time.perf_counter() - start

    def over(self, batches, each):
        """Yield the batches, and end the turn after every so many."""
        for done, batch in enumerate(batches):
            if done and done % each == 0:
                self.end()
            yield batch


turns = Turns()


def timed(work):
    """Return a function for the seconds that a call takes in this process's turns."""

    def run():
        start, away = time.perf_counter(), turns.away
        work()
        return time.perf_counter() - start - (turns.away - away)

    return run


def serve(pipe, make, arguments):
    """Make a contender and run it whenever asked."""
    contender = make(**arguments)
    turns.pipe = pipe
    while pipe.recv() == RUN:
        pipe.send((DONE, contender()))
    os._exit(0)  # at once: joblib's idle workers would be waited for, five minutes long


class Contender:
    """A function's result in a worker: ``make(**arguments)`` there, called here."""

    def __init__(self, make, **arguments):
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(theirs, make, arguments))
        self.process.start()
        theirs.close()

    def turn(self):
        """Let it run, or go on, for a turn; return whether it is done and what it returned."""
        self.pipe.send(RUN)
        what, value = self.pipe.recv()
        return what == DONE, value

    def stop(self):
        """End the worker."""
        self.pipe.send(DONE)
        self.process.join()


def afresh(contenders, rounds):
    """Return what each contender returned in each round, in a new worker every time."""
    results = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, values in _asked(contenders, [True]).items():
            results[name] += values
    return results


def alternate(contenders, rounds):
    """Return what each contender returned in each round; the first, cold, is not counted."""
    return _asked(contenders, [False] + [True] * rounds)


def _asked(contenders, rounds):
    """Run all contenders in every round; return what they returned in those that count."""
    results = {name: [] for name in contenders}
    workers = {name: Contender(make, **kw) for name, (make, kw) in contenders.items()}
    for counted in rounds:
        running = dict(workers)
        while running:
            for name, worker in list(running.items()):
                done, value = worker.turn()
                if not done:
                    continue
                del running[name]
                if counted:
                    results[name].append(value)
                    print(f"  {name}: {value:.4g}", flush=True)
    for worker in workers.values():
        worker.stop()
    return results


def medians(results):
    """Return the median of each contender."""
    return {name: statistics.median(values) for name, values in results.items()}
