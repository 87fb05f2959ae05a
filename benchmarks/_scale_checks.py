"""The part of the benchmark of scale that measures what the model needs, and checks the model.

Networks that this machine does not have are tried with sums that arrive late: from the moment in
which a worker has sent its gradients, it takes at least as long as the messages around the ring
would take.
"""

import math
import multiprocessing
import statistics
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import _scale_model as scale_model
import numpy as np
import torch
from _scale_model import (
    BATCH,
    GRADIENTS,
    NETS,
    ONE_MACHINE,
    Model,
    fitted_loopback,
    fitted_step,
)
from _scale_parts import new_cluster, steady
from _workers import alternate, medians
from distributed import Client
from torch.distributed import TCPStore

from sklearn_lenet import DaskLeNet5Classifier, LeNet5Classifier
from sklearn_lenet.distributed import _group_peers
from sklearn_lenet.distributed._group_peers import GroupPeers
from sklearn_lenet.distributed._group_sum import GroupSum
from sklearn_lenet.distributed._row_file import RowFile
from sklearn_lenet.distributed._row_share import OwnRows, RowShare
from sklearn_lenet.distributed._worker_tasks import EpochReporter

HOST = "127.0.0.1"

STEPS = [(128, 1), (128, 2), (128, 4), (128, 16), (512, 1), (512, 4), (512, 64), (2048, 16)]
"""Rows of a batch, and the number of workers of which one has its share, one thread each."""

PROCESSES = [1, 2, 4]

SIZES = {"tiny": 2, "gradients": GRADIENTS + 1}
"""The numbers in a message."""

WARM_UP, CONNECTIONS = 20, 5

CHECKS = [
    (1, BATCH, None),
    (2, BATCH, None),
    (4, BATCH, None),
    (2, 2 * BATCH, None),
    (4, 4 * BATCH, None),
    *((2, BATCH, net) for net in NETS),
    (4, BATCH, "1 Gbit/s, 200 µs"),
]
"""Workers, rows of a batch, and the network of each fit that the model must predict."""


class OneOfMany(GroupPeers):
    """A worker without the others: it trains on its share alone, with copies of its own rows."""

    def __init__(self, n, device):
        super().__init__(None, HOST, 0, n, device=device, stop=threading.Event())

    def exchanged(self, rows, _given, taken):
        """Return as many of the worker's own rows as the others would send."""
        return np.resize(rows, int(taken.sum()))


class TimedShare(RowShare):
    """Rows that note how long it takes to make the batches."""

    seconds = 0.0

    def take(self, part):
        """Return a part of a batch, and add the time."""
        start = time.perf_counter()
        taken = super().take(part)
        TimedShare.seconds += time.perf_counter() - start
        return taken


def share_seconds(data, epochs, batch, n):
    """Return a step of a worker that has one n-th of all rows, and the making of its batch."""
    known, cpu = data(), torch.device("cpu")
    count = len(known.X)
    net = LeNet5Classifier(batch_size=batch, max_epochs=epochs, n_threads=1, random_state=0)
    net.fit(known.X[: 10 * BATCH], known.y[: 10 * BATCH])  # learns the pixels, loads all modules
    file = RowFile(tempfile.gettempdir())  # the process ends with it
    file.add(known.X)
    owners = np.random.default_rng(0).integers(0, n, count).astype(np.uint16)
    (own,) = np.nonzero(owners == 0)
    codes = np.searchsorted(net.classes_, known.y[own])
    peers = OneOfMany(n, cpu)
    plan, n_steps = replace(net._plan(count), calibrate=False), math.ceil(count / batch)

    def rows_of(dtype):
        rows = OwnRows(owners, own, codes, None, 1.0, known.X.dtype)
        scale, arrange = net.pixel_scale_, net._arrange
        return TimedShare(file, rows, arrange, scale, peers, dtype=dtype, device=cpu), None

    def observer_of(training):
        return EpochReporter(training, plan, shown=False)

    def run():
        TimedShare.seconds = 0.0
        net._train_on(rows_of, count, plan, cpu, 0, observer_of, peers)
        return steady(net.history_) / n_steps, TimedShare.seconds / epochs / n_steps

    return run


def steps(size):
    """Return each step of STEPS: batch, own rows, median seconds, and those of making it."""
    contenders = {
        (batch, n): (
            share_seconds,
            {"data": size.data, "epochs": size.model_epochs, "batch": batch, "n": n},
        )
        for batch, n in STEPS
    }
    found = []
    for key, contender in contenders.items():  # one after the other: each has its rows in memory
        rounds = alternate({key: contender}, size.model_rounds)[key]
        batch, n = key
        seconds, making = map(statistics.median, zip(*rounds, strict=True))
        found.append([batch, math.ceil(batch / n), seconds, making])
    return found


def reduce_seconds(rank, n, port, repeats):
    """Return the median seconds of a sum over n processes, for each size and way."""
    torch.set_num_threads(1)
    store = TCPStore(HOST, port, n, False, wait_for_workers=False)
    stop = threading.Event()
    peers = GroupPeers(store, HOST, rank, n, device=torch.device("cpu"), stop=stop)
    found, whole = {}, peers.groups.whole
    for name, count in SIZES.items():
        message = torch.zeros(count)
        ways = {"all-reduce": lambda message=message: whole.allreduce([message]).wait()}
        shared = peers._new_message(message)  # sent where workers share no memory
        if n > 1:
            ways["shared"] = lambda shared=shared: (shared.expect(), shared.begin(), shared.end())
        if n == 2:
            ways["pair"] = lambda message=message: peers._sum(message)
        for way, add_up in ways.items():
            seconds = []
            for _ in range(WARM_UP + repeats):
                start = time.perf_counter()
                add_up()
                seconds.append(time.perf_counter() - start)
            found[f"{way}, {name}"] = statistics.median(seconds[WARM_UP:])
        shared.close()
    store.add("done", 1)
    while rank == 0 and store.add("done", 0) < n:  # the others still need this process
        time.sleep(0.01)
    return found


def reductions(repeats):
    """Return the seconds of sums over loopback for each number of processes."""
    found = {}
    for n in PROCESSES:
        # Some connections are slow for as long as they live.
        runs = [_connected_reductions(n, repeats) for _ in range(CONNECTIONS)]
        found[str(n)] = medians({name: [run[name] for run in runs] for name in runs[0]})
        print(f"  {n} processes: {found[str(n)]}", flush=True)
    return found


def _connected_reductions(n, repeats):
    """Return the seconds of sums over new connections, those of the slowest of n processes."""
    store = TCPStore(HOST, 0, n, True, wait_for_workers=False)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(n, mp_context=context) as executor:
        futures = [
            executor.submit(reduce_seconds, rank, n, store.port, repeats) for rank in range(n)
        ]
        of_ranks = [future.result() for future in futures]
    return {name: max(of_rank[name] for of_rank in of_ranks) for name in of_ranks[0]}


def delay_sums(seconds):
    """Send the gradients, and let them arrive late, as if they had come over a network."""

    class LateSum(GroupSum):
        def begin(self):
            super().begin()
            self.arrival = time.perf_counter() + seconds

        def end(self):
            total = super().end()
            if total.numel() >= GRADIENTS:
                time.sleep(max(self.arrival - time.perf_counter(), 0.0))
            return total

    _group_peers.GroupSum, _group_peers.memory_sum = LateSum, lambda *_: None


def real_epoch(size, n, batch, net):
    """Return the seconds of an epoch of a real fit on n workers of one thread."""
    known = size.data()
    with new_cluster(n) as cluster, Client(cluster) as client:
        client.wait_for_workers(n)
        if net is not None:
            client.run(delay_sums, NETS[net].ring_seconds(n))
        model = DaskLeNet5Classifier(
            max_epochs=size.model_epochs,
            batch_size=batch,
            calibrate=False,
            random_state=0,
            client=client,
        )
        return steady(model.fit(known.X, known.y).history_)


def checks(size, fitted, cores):
    """Return the predicted and the measured seconds of each fit of CHECKS."""
    rows, found = len(size.data().X), []
    for n, batch, net in CHECKS:
        predicted = fitted.epoch_seconds(rows, n, batch, NETS.get(net), cores)
        measured = real_epoch(size, n, batch, net)
        found.append(
            {
                "workers": n,
                "batch": batch,
                "network": net or ONE_MACHINE,
                "predicted": predicted,
                "measured": measured,
            }
        )
        print(f"  {found[-1]}", flush=True)
    return found


def model(size, cores=2):
    """Measure steps and all-reduces, fit the model, check it, and calculate epochs."""
    measured, reduced = steps(size), reductions(size.reductions)
    fitted = Model(
        fitted_step([[batch, own, seconds] for batch, own, seconds, _ in measured]),
        fitted_step([[batch, own, making] for batch, own, _, making in measured]),
        reduced["2"]["shared, gradients"],
        reduced["2"]["pair, gradients"],
        fitted_loopback(reduced["2"]["all-reduce, tiny"], reduced["2"]["all-reduce, gradients"]),
    )
    return {
        "steps": measured,
        "sums": reduced,
        "message_bytes": scale_model.MESSAGE,
        "step": fitted.step._asdict(),
        "making": fitted.making._asdict(),
        "loopback": fitted.loopback._asdict(),
        "cores": cores,
        "checks": checks(size, fitted, cores),
        "workers": scale_model.WORKERS,
        "curves": scale_model.curves(fitted),
    }
