"""A run in its own process measures everything, and a crash does not stop the next run."""

import json
import multiprocessing
import os

import numpy as np
from comparison import run
from comparison.models import MODELS, Model
from comparison.run import Run

ONE = Run("logistic", 200, 0, thorough=True)


def test_a_call_is_the_same_in_every_process():
    for name in MODELS:
        assert " at 0x" not in run.call(Run(name, None, 3, thorough=True))
    assert "random_state=3" in run.call(Run("lenet", None, 3, thorough=True))


def test_a_thorough_run_takes_all_measures(figure_names):
    [(same, result)] = run.measured([ONE], "bundled digits")
    assert same == ONE
    assert result["rows"] == 200
    assert result["predicted_rows"] == 500
    assert all(np.isfinite(result[name]) for name in figure_names)
    assert 0.8 < result["accuracy"] <= 1
    assert result["one_row_seconds"] <= result["one_row_seconds_95"] < 1
    assert result["environment"]["versions"]["torch"]
    json.dumps(result)


def serve_faulty(pipe, plan, source):
    """A worker whose models raise an error, end the process, or work."""

    def crash(seed):
        raise MemoryError("not enough memory for\n60,000 rows")

    MODELS["svm"] = Model(crash, "", "")
    MODELS["forest"] = Model(lambda seed: os._exit(9), "", "")
    SERVE(pipe, plan, source)


SERVE = run._serve


def test_after_a_crash_the_next_run_continues(monkeypatch):
    monkeypatch.setattr(run, "_serve", serve_faulty)
    before = set(multiprocessing.active_children())  # other tests share a cluster
    names = ["svm", "forest", "logistic"]
    plan = [Run(name, 100, 0, thorough=False) for name in names]
    results = [result for _, result in run.measured(plan, "bundled digits")]
    assert results[0]["error"] == "MemoryError: not enough memory for 60,000 rows"
    assert results[1]["error"] == "the process ended with exit code 9"
    assert results[2]["accuracy"] > 0.5
    assert set(multiprocessing.active_children()) <= before
