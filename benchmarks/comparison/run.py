"""One model measured in a process of its own: what it learns, how long it takes, what it needs."""

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

ONE_ROW_CALLS, ONE_ROW_SECONDS = (20, 100), 1
"""At least and at most so many rows are answered one by one, within about so many seconds."""
SLOW_TO_IMPORT = ["pandas", "sklearn.ensemble", "sklearn_lenet.estimators", "torch._dynamo"]
"""Packages that every run imports; the optimisers of torch itself do the last one."""
WARM_UP = 5
DISTURBED_ROWS = 1000
SOURCES = {"MNIST": rows.mnist, "bundled digits": rows.bundled}


class Run(NamedTuple):
    """One fit: of which model, on how many rows, with which seed, and how much is measured."""

    model: str
    n_rows: int | None
    """None for all there are."""
    seed: int
    thorough: bool
    """Whether times, memory and all scores are measured, or accuracy alone."""


def call(run):
    """Return what a user would type for the model of a run, on one line."""
    typed = " ".join(repr(MODELS[run.model].make(run.seed)).split())
    return re.sub(r"<function (\w+) at \w+>", r"\1", typed)


def measured(runs, source):
    """Yield every run with its result, all of them from one new process.

    A run that crashes, or takes the process with it, has an ``error`` in place of figures.
    """
    context = _processes(source)
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, runs, source))
    process.start()
    theirs.close()
    try:
        for place, run in enumerate(runs):
            try:
                yield run, ours.recv()
            except EOFError:
                process.join()
                yield run, {"error": f"the process ended with exit code {process.exitcode}"}
                if place + 1 < len(runs):
                    yield from measured(runs[place + 1 :], source)
                return
    finally:
        process.terminate()
        process.join()


def _processes(source):
    """Return what starts a process.

    On MNIST each is started from nothing, so that all of a fit's memory is its own. The quick
    comparison's are copies of one that holds the imports, which take longer than most fits.
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
        model.fit(data.X, data.y)
        return {"rows": len(data.X), "accuracy": accuracy(model, data.X_test, data.y_test)}
    if hasattr(model, "load"):
        model.load()
    before = _memory_mark()
    start = time.perf_counter()
    model.fit(data.X, data.y)
    fit_seconds = time.perf_counter() - start
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
    if spec.curve and run.seed == 0 and data.X_test.shape[0] >= DISTURBED_ROWS:
        result["disturbed"] = _under_disturbances(model, data)
    return result


def accuracy(model, X, y):
    """Return the share of labels that are right."""
    return float(np.mean(model.predict(X) == y))


def _memory_mark():
    """Forget the highest memory so far, and return what this process holds now."""
    with open("/proc/self/clear_refs", "w") as mark:
        mark.write("5")
    return resident("VmRSS")


def _timed(predict):
    """Return what is predicted, and the seconds: the median of three where that is quick."""
    seconds = []
    while len(seconds) < 3 and sum(seconds) < 10:
        start = time.perf_counter()
        predicted = predict()
        seconds.append(time.perf_counter() - start)
    return predicted, statistics.median(seconds)


def _probabilities(model, X, sharpness):
    """Return probabilities; of machines that have none, what their scores make likely."""
    if sharpness is None:
        return np.asarray(model.predict_proba(X))
    return measures.likelihoods(scores_of(model, X), sharpness, len(model.classes_))


def scores_of(model, X):
    """Return a machine's scores; SVC's of each pair of classes, of which its usual ones hide most.

    Those are votes, in which near misses and clear wins count the same.
    """
    for name in model.get_params():
        if name.endswith("decision_function_shape"):
            model.set_params(**{name: "ovo"})
    return model.decision_function(X)


def _one_row(model, X):
    """Return median and 95th percentile of the seconds that one row takes."""
    for name in getattr(model, "get_params", dict)():
        if name.endswith("n_jobs"):
            model.set_params(**{name: 1})  # to share one row out takes longer than to answer it
    seconds = []
    fewest, most = ONE_ROW_CALLS
    for row in X[: most + WARM_UP, None]:
        start = time.perf_counter()
        model.predict(row)
        seconds.append(time.perf_counter() - start)
        if len(seconds) >= fewest + WARM_UP and sum(seconds) > ONE_ROW_SECONDS:
            break
    median, late = np.percentile(seconds[WARM_UP:], [50, 95])
    return {"one_row_seconds": float(median), "one_row_seconds_95": float(late)}


def _saved_size(model):
    """Return the bytes of the saved model."""
    return model.saved_size() if hasattr(model, "saved_size") else len(pickle.dumps(model))


def _under_disturbances(model, data):
    """Return accuracies by disturbance and strength, on the same rows for every model."""
    X, y = data.X_test[:DISTURBED_ROWS], data.y_test[:DISTURBED_ROWS]
    return {
        name: [accuracy(model, disturbed(X, name, strength), y) for strength in strengths]
        for name, (_, strengths, _) in DISTURBANCES.items()
    }
