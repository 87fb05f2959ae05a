"""The parts of the benchmark of scale that compare two workers with one process.

Each contender has its own process, and its workers are warm: they have torch, and have done the
same work once before. The contenders run in turn.
"""

import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import dask
import joblib
import numpy as np
import pandas as pd
import torch
from _pictures import placed
from _workers import alternate, timed
from comparison import rows
from distributed import Client, LocalCluster
from sklearn.model_selection import GridSearchCV

from sklearn_lenet import DaskLeNet5Classifier, LeNet5Classifier, read_files
from sklearn_lenet.distributed._local_processes import NO_PROFILE
from sklearn_lenet.images import picture_files
from sklearn_lenet.pretrained import QuickDigits
from sklearn_lenet.reading import answers_of_files, digit_columns, digit_rows

WORKERS = 2

GRID = {"lr": [0.003, 0.006], "pooling": ["max", "avg"], "label_smoothing": [0.0, 0.05]}
"""The eight points of the grid search."""


class Size(NamedTuple):
    """How much each part of the benchmark does."""

    data: Callable = rows.mnist
    """Returns the rows to train and to test on."""
    rounds: int = 3
    epochs: int = 4
    """The epochs of a fit that is timed; the first one is not counted."""
    max_epochs: int | str = "auto"
    """The epochs of a fit whose accuracy is measured."""
    seeds: tuple = (0, 1, 2)
    batch_seeds: tuple = (0, 1, 2)
    search_rows: int = 6000
    search_epochs: int = 8
    search_rounds: int = 2
    model_rounds: int = 1
    model_epochs: int = 3
    pictures: int = 2000
    disk_rows: int = 2_000_000
    """The rows on disk to train on."""
    disk_predicted: int = 1_000_000
    """The rows on disk to predict."""
    block: int = 20_000
    """The rows of a block on disk."""
    shares: tuple = (1, 2, 4, 8, 16)
    """By how much the batches are larger than 128."""
    reductions: int = 500
    """How often an all-reduce is timed."""


FULL = Size()
QUICK = Size(
    data=rows.bundled,
    rounds=1,
    epochs=2,
    max_epochs=2,
    seeds=(0,),
    batch_seeds=(0,),
    search_rows=200,
    search_epochs=1,
    search_rounds=1,
    pictures=20,
    disk_rows=4000,
    disk_predicted=2000,
    block=500,
    shares=(1, 4),
    reductions=20,
)


def new_cluster(n_workers, settings=NO_PROFILE):
    """Return a cluster of processes of one thread each on this machine."""
    with dask.config.set(settings):
        return LocalCluster(
            n_workers=n_workers,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
        )


def new_client(n_workers):
    """Return the client of a new cluster whose workers have torch."""
    client = Client(new_cluster(n_workers))
    client.run(torch.get_num_threads)
    return client


def steady(history):
    """Return the median seconds of an epoch, without the first one.

    >>> steady([{"dur": 9.0}, {"dur": 1.0}, {"dur": 2.0}, {"dur": 6.0}])
    2.0
    """
    return statistics.median(epoch["dur"] for epoch in history[1:])


def shared_epoch(data, epochs):
    """Return the epochs of a fit on two workers."""
    known, client = data(), new_client(WORKERS)
    model = DaskLeNet5Classifier(max_epochs=epochs, calibrate=False, random_state=0, client=client)
    return lambda: steady(model.fit(known.X, known.y).history_)


def one_process_epoch(data, epochs, threads):
    """Return the epochs of a fit in one process."""
    known = data()
    model = LeNet5Classifier(max_epochs=epochs, calibrate=False, random_state=0, n_threads=threads)
    return lambda: steady(model.fit(known.X, known.y).history_)


def epoch(size):
    """Measure an epoch of the default recipe on two workers and in one process."""
    same = {"data": size.data, "epochs": size.epochs}
    contenders = {"two workers": (shared_epoch, same)}
    for threads in (1, 2):
        contenders[f"one process, threads: {threads}"] = (
            one_process_epoch,
            same | {"threads": threads},
        )
    return {"rounds": alternate(contenders, size.rounds)}


def accuracy(size):
    """Measure the accuracy of the default recipe on two workers and in one process."""
    known = size.data()
    settings = {"max_epochs": size.max_epochs}
    accuracies = {"two workers": [], "one process": []}
    with new_cluster(WORKERS) as cluster, Client(cluster) as client:
        for seed in size.seeds:
            models = {
                "two workers": DaskLeNet5Classifier(**settings, random_state=seed, client=client),
                "one process": LeNet5Classifier(**settings, random_state=seed),
            }
            for name, model in models.items():
                score = model.fit(known.X, known.y).score(known.X_test, known.y_test)
                accuracies[name].append(score)
                print(f"  {name}, seed {seed}: {100 * score:.2f} %", flush=True)
    return {"seeds": list(size.seeds), "accuracies": accuracies}


def new_search(data, n_rows, epochs):
    """Return a grid search without a last fit, and its rows."""
    known = rows.first(data(), n_rows, seed=0)
    net = LeNet5Classifier(max_epochs=epochs, random_state=0)
    search = GridSearchCV(net, GRID, cv=3, refit=False, n_jobs=WORKERS, error_score="raise")
    return search, known.X, known.y


def dask_search(**settings):
    """Return a grid search on two workers of Dask."""
    search, X, y = new_search(**settings)
    client = new_client(WORKERS)

    def fit():
        with joblib.parallel_config(backend="dask", client=client, scatter=[X, y]):
            search.fit(X, y)

    return timed(fit)


def joblib_search(**settings):
    """Return the same search on two processes of joblib."""
    search, X, y = new_search(**settings)
    return timed(lambda: search.fit(X, y))


def search(size):
    """Measure a grid search with both backends of joblib."""
    settings = {"data": size.data, "n_rows": size.search_rows, "epochs": size.search_epochs}
    contenders = {"dask": (dask_search, settings), "joblib": (joblib_search, settings)}
    return {"rounds": alternate(contenders, size.search_rounds)}


def write_pictures(folder, data, n):
    """Write digits on pages of 400x300 pixels as PNG files."""
    rng, known = np.random.default_rng(0), data()
    chosen = rng.choice(len(known.X_test), n)
    for number, k in enumerate(chosen):
        path = Path(folder) / f"{number:05d}-{known.y_test[k]}.png"
        placed(known.X_test[k], rng).convert("L").save(path)


def files_by_workers(folder, n_workers):
    """Return the reading of a folder on a cluster that ends after it.

    The processes of an idle cluster would take a part of a core from the other contenders.
    """
    warm_up = picture_files(folder)[::10]

    def seconds():
        with new_cluster(n_workers) as cluster, Client(cluster) as client:
            for files in (warm_up, folder):
                done = read_files(files, out=tempfile.mkdtemp(dir=folder), client=client)
        return done.seconds

    return seconds


def files_in_a_loop(folder):
    """Return the reading of a folder in a loop of this process, into a table with the same rows."""
    model = QuickDigits()

    def read():
        columns = digit_columns(model.classes_)
        files = picture_files(folder)
        answers = answers_of_files(files, model, split=False, min_confidence=0.0)
        table = [row for answer in answers for row in digit_rows(answer, len(columns))]
        out = Path(tempfile.mkdtemp(dir=folder)) / "digits.parquet"
        pd.DataFrame(table, columns=columns).to_parquet(out)
        return out

    return timed(read)


def reading(size):
    """Measure the reading of pictures on two workers, on one worker, and in a plain loop."""
    with tempfile.TemporaryDirectory() as folder:
        write_pictures(folder, size.data, size.pictures)
        contenders = {
            "two workers": (files_by_workers, {"folder": folder, "n_workers": WORKERS}),
            "one worker": (files_by_workers, {"folder": folder, "n_workers": 1}),
            "loop in one process": (files_in_a_loop, {"folder": folder}),
        }
        return {"pictures": size.pictures, "rounds": alternate(contenders, size.rounds)}
