"""The model of scale: the time of an epoch on any number of workers, from a few measured times.

A step of a batch takes a fixed time, a time for each row of the batch (all workers draw the random
numbers of all rows), and a time for each row of the worker; all workers have equally many. On one
machine, each worker reads the gradients of the others in memory. On a network, two workers send
each other their gradients. More add them up around a ring, as gloo does: with n workers in
2 (n - 1) messages, one after the other, each with one n-th of the gradients. Meanwhile each worker
makes its part of the next batch, and waits only for what takes longer.
"""

import math
from typing import NamedTuple

import numpy as np

GRADIENTS = 61_706
"""The weights of LeNet-5."""

MESSAGE = 4 * (GRADIENTS + 1)
"""The bytes that are added up in each step."""

BATCH = 128
"""The batch of one worker."""

LARGEST_BATCH = 4 * BATCH
"""The largest batch that keeps the accuracy, as `_scale_batches` has measured."""

WORKERS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1000]


class Net(NamedTuple):
    """A network between workers."""

    delay: float
    """Seconds that each message takes at least."""
    bandwidth: float
    """Bytes a second."""

    def ring_seconds(self, n, n_bytes=MESSAGE):
        """Return the seconds in which n workers add up a message around a ring.

        >>> Net(delay=1.0, bandwidth=100.0).ring_seconds(4, n_bytes=400)
        12.0
        """
        return 2 * (n - 1) * (self.delay + n_bytes / n / self.bandwidth)


NETS = {
    "10 Gbit/s, 50 µs": Net(50e-6, 10e9 / 8),
    "1 Gbit/s, 200 µs": Net(200e-6, 1e9 / 8),
    "100 Mbit/s, 2 ms": Net(2e-3, 0.1e9 / 8),
}
"""The networks that are added to the time over loopback."""

ONE_MACHINE = "one machine"
"""The name for workers that need no network."""


class Step(NamedTuple):
    """The seconds of a step on one thread."""

    fixed: float
    batch_row: float
    own_row: float

    def seconds(self, batch, own):
        """Return the seconds of a step, of which a worker has its own rows.

        >>> Step(fixed=1.0, batch_row=0.5, own_row=2.0).seconds(batch=8, own=4)
        13.0
        """
        return self.fixed + self.batch_row * batch + self.own_row * own


def fitted_step(measured):
    """Return the step that fits measured steps best; each counts by its relative error.

    ``measured`` has a batch, the worker's own rows, and the seconds of each. No time is negative.
    """
    from scipy.optimize import nnls

    terms = [[1 / seconds, batch / seconds, own / seconds] for batch, own, seconds in measured]
    return Step(*(float(v) for v in nnls(np.array(terms), np.ones(len(terms)))[0]))


def fitted_loopback(small, large, n=2, n_bytes=MESSAGE):
    """Return the loopback as a network: from the seconds of a tiny and of a whole message.

    >>> fitted_loopback(small=2.0, large=6.0, n=2, n_bytes=400)
    Net(delay=1.0, bandwidth=100.0)
    """
    rounds = 2 * (n - 1)
    carried = max(large - small, 1e-12) / rounds
    return Net(small / rounds, n_bytes / n / carried)


class Model(NamedTuple):
    """The times that were measured."""

    step: Step
    making: Step
    """The part of a step in which the next batch is made."""
    shared: float
    """The seconds in which two processes add up their gradients in shared memory."""
    pair: float
    """The seconds in which two processes add up their gradients over loopback."""
    loopback: Net
    """The messages of an all-reduce over loopback."""

    def sum_seconds(self, n, net):
        """Return the seconds in which n workers of a network add up their gradients."""
        return (self.pair if n == 2 else self.loopback.ring_seconds(n)) + net.ring_seconds(n)

    def step_seconds(self, n, batch, net=None, cores=None):
        """Return the seconds of a step, without a network on one machine.

        With fewer cores than workers, workers take turns.
        """
        own = math.ceil(batch / n)
        turns = 1.0 if cores is None else max(n / cores, 1.0)
        computing, making = self.step.seconds(batch, own), self.making.seconds(batch, own)
        if net is None:
            return (computing + self.shared * (n - 1)) * turns
        return computing * turns + max(self.sum_seconds(n, net) - making, 0.0)

    def epoch_seconds(self, rows, n, batch, net=None, cores=None):
        """Return the seconds of an epoch on n workers."""
        return math.ceil(rows / batch) * self.step_seconds(n, batch, net, cores)


def fixed_batch(_):
    """Return the batch of one worker for any number of workers."""
    return BATCH


def growing_batch(n):
    """Return the batch that grows with the workers, as far as it keeps the accuracy.

    >>> [growing_batch(n) for n in (1, 4, 1000)]
    [128, 512, 512]
    """
    return min(n * BATCH, LARGEST_BATCH)


RULES = {
    f"batches of {BATCH}": fixed_batch,
    f"{BATCH} a worker, at most {LARGEST_BATCH}": growing_batch,
}

ROWS = [60_000, 8_000_000]


def curves(model):
    """Return the seconds of an epoch: rows -> rule of the batch -> network -> each of WORKERS."""
    nets = {ONE_MACHINE: None, **NETS}
    return {
        str(rows): {
            rule: {
                name: [model.epoch_seconds(rows, n, batch_of(n), net) for n in WORKERS]
                for name, net in nets.items()
            }
            for rule, batch_of in RULES.items()
        }
        for rows in ROWS
    }


def fastest(seconds):
    """Return the index of the shortest epoch: from there on, more workers save no time.

    >>> fastest([8.0, 5.0, 4.0, 4.5])
    2
    """
    return seconds.index(min(seconds))


def half_used(seconds):
    """Return the index of the most workers of which each does at least half of what one alone does.

    >>> half_used([8.0, 5.0, 6.0])
    1
    """
    used = [seconds[0] / (n * s) for n, s in zip(WORKERS, seconds, strict=False)]
    return max(k for k, share in enumerate(used) if share >= 0.5)
