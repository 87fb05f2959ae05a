"""Measure a model in its own process: accuracy, times, memory and size."""

import multiprocessing
import pickle
import re
import statistics
import time
import traceback
from typing import NamedTuple

import numpy as np
from _record import environment, resident

from . import measures, rows
from .disturbances import DISTURBANCES, disturbed
from .models import MODELS

ONE_ROW_CALLS = 20, 100
"""The smallest and the largest number of single rows that are predicted."""

ONE_ROW_SECONDS = 1
"""After this time, only the smallest number of single rows is predicted."""

SLOW_TO_IMPORT = ["pandas", "sklearn.ensemble", "sklearn_lenet.estimators", "torch._dynamo"]
"""Packages that every run imports. The optimizers of torch import the last one."""

WARM_UP = 5
"""The first calls, which are not counted."""

DISTURBED_ROWS = 1000
SOURCES = {"MNIST": rows.mnist, "bundled digits": rows.bundled}


class Run(NamedTuple):
    """One fit: the model, the number of rows, the seed, and whether all measures are taken."""

    model: str
    n_rows: int | None
    """None means all rows."""
    seed: int
    thorough: bool
    """Whether times, memory and all scores are measured, or only accuracy and time."""


def call(run):
    """Return the call for the model of a run, on one line."""
    text = " ".join(repr(MODELS[run.model].make(run.seed)).split())
    return re.sub(r"<function (\w+) at \w+>", r"\1", text)


def measured(runs, source):
    """Yield every run with its result. All runs share one new process.

    The result of a run that raises an error, or ends the process, has an ``error`` and no figures.
    """
    context = _processes(source)
    pipe, worker_end = context.Pipe()
    process = context.Process(target=_serve, args=(worker_end, runs, source))
    process.start()
    worker_end.close()
    try:
        for n_done, run in enumerate(runs, start=1):
            try:
                yield run, pipe.recv()
            except EOFError:
                process.join()
                yield run, {"error": f"the process ended with exit code {process.exitcode}"}
                if n_done < len(runs):
                    yield from measured(runs[n_done:], source)
                return
    finally:
        process.terminate()
        process.join()


def _processes(source):
    """Return the multiprocessing context that starts a process.

    On MNIST each process starts from scratch, so that the measured memory belongs to the fit. In
    the quick comparison, processes are forked from one that has done the imports, because these
    take longer than most fits.
    """
    if source == "MNIST":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(SLOW_TO_IMPORT)
    return context


def _serve(pipe, runs, source):
    data = SOURCES[source]()
    for run in runs:
        start = time.perf_counter()
        try:
            result = measure(run, data) | {"environment": environment()}
            result["seconds"] = time.perf_counter() - start
        except Exception as error:
            traceback.print_exc()
            result = {"error": " ".join(f"{type(error).__name__}: {error}".split())}
        pipe.send(result)


def measure(run, data):
    """Return the figures of one run."""
    spec = MODELS[run.model]
    data = rows.first(data, run.n_rows, run.seed)
    model = spec.make(run.seed)
    if not run.thorough:
        seconds = _fit_seconds(model, data)
        found = accuracy(model, data.X_test, data.y_test)
        return {"rows": len(data.X), "accuracy": found, "fit_seconds": seconds}
    if hasattr(model, "load"):
        model.load()
    before = _reset_peak_memory()
    fit_seconds = _fit_seconds(model, data)
    memory = resident("VmHWM") - before
    predicted, predict_seconds = _timed(lambda: model.predict(data.X_test))
    probabilities = _probabilities(model, data.X_test, spec.sharpness)
    result = {
        "rows": len(data.X),
        **measures.scores(predicted, probabilities, data.y_test),
        "fit_seconds": fit_seconds,
        "predict_seconds": predict_seconds,
        "predicted_rows": len(data.X_test),
        **_one_row(model, data.X_test),
        "fit_memory": memory,
        "saved_size": _saved_size(model),
    }
    if spec.disturbed and run.seed == 0 and data.X_test.shape[0] >= DISTURBED_ROWS:
        result["disturbed"] = _under_disturbances(model, data)
    return result


def _fit_seconds(model, data):
    start = time.perf_counter()
    model.fit(data.X, data.y)
    return time.perf_counter() - start


def accuracy(model, X, y):
    """Return the accuracy of a model on these rows."""
    return float(np.mean(model.predict(X) == y))


def _reset_peak_memory():
    """Reset the peak memory of this process, and return its present memory."""
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")
    return resident("VmRSS")


def _timed(predict):
    """Return the predictions and the seconds: the median of three calls unless they are slow."""
    seconds = []
    while len(seconds) < 3 and sum(seconds) < 10:
        start = time.perf_counter()
        predicted = predict()
        seconds.append(time.perf_counter() - start)
    return predicted, statistics.median(seconds)


def _probabilities(model, X, sharpness):
    """Return probabilities; for models without ``predict_proba``, computed from their scores."""
    if sharpness is None:
        return np.asarray(model.predict_proba(X))
    return measures.likelihoods(scores_of(model, X), sharpness, len(model.classes_))


def scores_of(model, X):
    """Return the scores of a model; for SVC, one score per pair of classes.

    The default scores of SVC are votes, which do not tell a narrow decision from a clear one.
    """
    for name in model.get_params():
        if name.endswith("decision_function_shape"):
            model.set_params(**{name: "ovo"})
    return model.decision_function(X)


def _one_row(model, X):
    """Return the median and the 95th percentile of the time for one row, in seconds."""
    for name in getattr(model, "get_params", dict)():
        if name.endswith("n_jobs"):
            model.set_params(**{name: 1})  # for one row, starting jobs takes longer than predicting
    seconds = []
    fewest, most = ONE_ROW_CALLS
    for row in X[: most + WARM_UP, None]:
        start = time.perf_counter()
        model.predict(row)
        seconds.append(time.perf_counter() - start)
        if len(seconds) >= fewest + WARM_UP and sum(seconds) > ONE_ROW_SECONDS:
            break
    median, percentile = np.percentile(seconds[WARM_UP:], [50, 95])
    return {"one_row_seconds": float(median), "one_row_seconds_95": float(percentile)}


def _saved_size(model):
    """Return the size of the saved model in bytes."""
    return model.saved_size() if hasattr(model, "saved_size") else len(pickle.dumps(model))


def _under_disturbances(model, data):
    """Return the accuracies for each disturbance and strength, on the same rows for all models."""
    X, y = data.X_test[:DISTURBED_ROWS], data.y_test[:DISTURBED_ROWS]
    return {
        name: [accuracy(model, disturbed(X, name, strength), y) for strength in strengths]
        for name, (_, strengths, _) in DISTURBANCES.items()
    }
