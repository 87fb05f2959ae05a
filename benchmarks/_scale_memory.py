"""The parts of the benchmark of scale that train on, and predict, more rows than fit in memory."""

import os
import statistics
import tempfile
import time
from pathlib import Path

import dask.array as da
import torch
from _rows_on_disk import rows_of, write_rows
from _scale_parts import WORKERS, new_cluster
from _worker_memory import megabytes, pid_and_peak, watched
from distributed import Client

from sklearn_lenet import DaskLeNet5Classifier, LeNet5Classifier

FITTED = 10_000
"""The rows that the model of the prediction learns from."""

PREDICTIONS = 3

DASKS_OWN: dict = {}
"""The settings of Dask, as users have them: the profile of a worker takes memory too."""


def memory(size):
    """Measure the memory of each worker in an epoch on rows that are on the disk."""
    with tempfile.TemporaryDirectory() as folder:
        write_rows(folder, size.disk_rows, size.data)
        print("  rows written", flush=True)
        X, y = rows_of(folder, size.disk_rows, size.block)
        with new_cluster(WORKERS, DASKS_OWN) as cluster, Client(cluster) as client:
            client.run(torch.get_num_threads)
            before = [seen["peak"] / 1e6 for seen in client.run(pid_and_peak).values()]
            start = time.perf_counter()
            with watched(list(client.run(os.getpid).values())) as peaks:
                model = DaskLeNet5Classifier(max_epochs=1, random_state=0, client=client)
                model.fit(X, y)
            return {
                "rows": size.disk_rows,
                "seconds": time.perf_counter() - start,
                "epoch_seconds": model.history_[0]["dur"],
                "megabytes_before": before,
                "megabytes": megabytes(client, peaks),
            }


def predict(size):
    """Measure the memory of each worker, and the rows a second, in a prediction from the disk."""
    known = size.data()
    model = LeNet5Classifier(max_epochs=4, random_state=0).fit(known.X[:FITTED], known.y[:FITTED])
    n, seconds = size.disk_predicted, []
    with tempfile.TemporaryDirectory() as folder:
        write_rows(folder, n, size.data)
        print("  rows written", flush=True)
        X, y = rows_of(folder, n, size.block)
        with new_cluster(WORKERS, DASKS_OWN) as cluster, Client(cluster) as client:
            client.run(torch.get_num_threads)
            before = [seen["peak"] / 1e6 for seen in client.run(pid_and_peak).values()]
            with watched(list(client.run(os.getpid).values())) as peaks:
                for k in range(PREDICTIONS):
                    start = time.perf_counter()
                    da.to_npy_stack(Path(folder) / f"labels-{k}", model.predict(X))
                    seconds.append(time.perf_counter() - start)
            found = da.from_npy_stack(Path(folder) / "labels-0")
            return {
                "rows": n,
                "seconds": seconds,
                "rows_a_second": n / statistics.median(seconds),
                "accuracy": float((found == y).mean().compute()),
                "megabytes_before": before,
                "megabytes": megabytes(client, peaks),
            }
