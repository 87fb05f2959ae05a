"""The scripts of the guide's page "When one machine is not enough"."""

import runpy
import subprocess
import sys
from functools import partial
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

import sklearn_lenet
from sklearn_lenet import DaskLeNet5Classifier, load_model

pytest.importorskip("distributed", reason="needs the extra dask")

SCRIPTS = Path(__file__).parents[2] / "docs" / "guide" / "scripts"


@pytest.fixture
def table(digits):
    """400 digits, a column for each pixel and one for the label."""
    X, y = digits[0][:400], digits[1][:400]
    return pd.DataFrame(X.astype(np.uint8)).add_prefix("p").assign(label=y)


@pytest.fixture
def arguments(table, tmp_path):
    """The folders of two tables, and the path of the model."""
    for name, rows in ("training", slice(300)), ("test", slice(300, 400)):
        (tmp_path / name).mkdir()
        for k, part in enumerate(np.array_split(np.arange(400)[rows], 3)):
            table.iloc[part].to_parquet(tmp_path / name / f"{k}.parquet")
    return [str(tmp_path / name) for name in ("training", "test", "digits.lenet")]


def assert_trained(arguments, output, table):
    test = table[300:]
    accuracy = load_model(arguments[-1]).score(test.drop(columns="label"), test["label"])
    assert f"accuracy: {accuracy:.2%}" in output
    assert [f"epoch {k}/5" in output for k in range(1, 6)] == [True] * 5


@pytest.mark.slow
def test_laptop_as_a_user_runs_it(arguments, table):
    command = [sys.executable, SCRIPTS / "on_laptop.py", *arguments]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    assert_trained(arguments, run.stdout, table)


class StandIn:
    """Takes the place of a cluster that is not here; the scripts get the one of the tests."""

    def __init__(self, cluster, asked):
        self.cluster, self.asked = cluster, asked

    def __call__(self, **kwargs):
        self.asked.update(kwargs)
        return self

    def __getattr__(self, name):
        return getattr(self.cluster, name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def scale(self, jobs):
        self.asked["jobs"] = jobs


def run_script(name, arguments, monkeypatch):
    import distributed

    waited = []
    quick = partial(DaskLeNet5Classifier, batch_size=150, augment=None, calibrate=False)
    monkeypatch.setattr(sklearn_lenet, "DaskLeNet5Classifier", quick)
    monkeypatch.setattr(distributed.Client, "wait_for_workers", lambda _, n: waited.append(n))
    monkeypatch.setattr(sys, "argv", [name, *arguments])
    runpy.run_path(str(SCRIPTS / name), run_name="__main__")
    return waited


def test_laptop(cluster, arguments, table, monkeypatch, capfd):
    import dask.distributed

    asked = {}
    monkeypatch.setattr(dask.distributed, "LocalCluster", StandIn(cluster, asked))
    run_script("on_laptop.py", arguments, monkeypatch)
    assert_trained(arguments, capfd.readouterr().out, table)
    assert asked == {"threads_per_worker": 1}


def test_slurm(cluster, arguments, table, monkeypatch, capfd):
    asked = {}
    module = ModuleType("dask_jobqueue")
    module.SLURMCluster = StandIn(cluster, asked)
    monkeypatch.setitem(sys.modules, "dask_jobqueue", module)
    waited = run_script("on_slurm.py", arguments, monkeypatch)
    assert_trained(arguments, capfd.readouterr().out, table)
    assert waited == [asked["jobs"] * asked["processes"]]


def test_kubernetes(cluster, arguments, table, monkeypatch, capfd):
    asked = {}

    def make_cluster_spec(**kwargs):
        asked.update(kwargs)
        containers = [{"args": ["dask-scheduler", "--port", "8786"]}]
        return {"spec": {"scheduler": {"spec": {"containers": containers}}}}

    module = ModuleType("dask_kubernetes.operator")
    module.KubeCluster, module.make_cluster_spec = StandIn(cluster, asked), make_cluster_spec
    monkeypatch.setitem(sys.modules, "dask_kubernetes", ModuleType("dask_kubernetes"))
    monkeypatch.setitem(sys.modules, "dask_kubernetes.operator", module)
    waited = run_script("on_kubernetes.py", arguments, monkeypatch)
    assert_trained(arguments, capfd.readouterr().out, table)
    assert waited == [asked["n_workers"]]
    (scheduler,) = asked["custom_cluster_spec"]["spec"]["scheduler"]["spec"]["containers"]
    assert scheduler["args"] == ["dask", "scheduler", "--port", "8786"]
