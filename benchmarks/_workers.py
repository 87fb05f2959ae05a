"""Run each contender in its own process, one contender at a time.

A separate process keeps the memory allocator and the thread pools of one contender apart from
those of the others. Another program can slow the machine down for several seconds. Long work is
therefore split into parts, and the contenders run their parts in turn, so that such a delay
affects all of them.
"""

import multiprocessing
import os
import statistics
import time

RUN, TURN, DONE = "run", "turn", "done"
"""Messages between a worker and this process: start a turn, end of a turn, end of the work."""


class Turns:
    """The turns of this process. Outside a worker there is one turn, which never ends."""

    pipe = None
    waited = 0.0
    """Seconds that this process has waited for its next turn."""

    def end(self):
        """Let the other contenders run, and wait for the next turn."""
        if self.pipe is not None:
            start = time.perf_counter()
            self.pipe.send((TURN, None))
            self.pipe.recv()
            self.waited += time.perf_counter() - start

    def split(self, batches, batches_per_turn):
        """Yield the batches, and end the turn after every ``batches_per_turn`` batches."""
        for n_done, batch in enumerate(batches):
            if n_done and n_done % batches_per_turn == 0:
                self.end()
            yield batch


turns = Turns()


def timed(work):
    """Return a function that returns the seconds that ``work`` takes, without the waiting."""

    def run():
        start, waited = time.perf_counter(), turns.waited
        work()
        return time.perf_counter() - start - (turns.waited - waited)

    return run


def serve(pipe, make, arguments):
    """Create a contender and run it each time the other process asks for it."""
    contender = make(**arguments)
    turns.pipe = pipe
    while pipe.recv() == RUN:
        pipe.send((DONE, contender()))
    os._exit(0)  # a normal exit would wait five minutes for joblib's idle workers


class Contender:
    """A worker process that creates a contender with ``make(**arguments)`` and runs it."""

    def __init__(self, make, **arguments):
        context = multiprocessing.get_context("spawn")
        self.pipe, worker_end = context.Pipe()
        self.process = context.Process(target=serve, args=(worker_end, make, arguments))
        self.process.start()
        worker_end.close()

    def turn(self):
        """Let the worker run for one turn; return whether it is done, and its result."""
        self.pipe.send(RUN)
        message, value = self.pipe.recv()
        return message == DONE, value

    def stop(self):
        """End the worker."""
        self.pipe.send(DONE)
        self.process.join()


def in_new_workers(contenders, rounds):
    """Return the result of each contender in each round, with new workers for every round."""
    results = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, values in _run_rounds(contenders, [True]).items():
            results[name] += values
    return results


def alternate(contenders, rounds):
    """Return the result of each contender in each round, after one warm-up round."""
    return _run_rounds(contenders, [False] + [True] * rounds)


def _run_rounds(contenders, counted_rounds):
    """Run all contenders in every round; return their results in the rounds that count."""
    results = {name: [] for name in contenders}
    workers = {name: Contender(make, **kw) for name, (make, kw) in contenders.items()}
    for counted in counted_rounds:
        running = dict(workers)
        while running:
            for name, worker in list(running.items()):
                done, value = worker.turn()
                if not done:
                    continue
                del running[name]
                if counted:
                    results[name].append(value)
                    shown = f"{value:.4g}" if isinstance(value, float) else value
                    print(f"  {name}: {shown}", flush=True)
    for worker in workers.values():
        worker.stop()
    return results


def medians(results):
    """Return the median of each contender."""
    return {name: statistics.median(values) for name, values in results.items()}
