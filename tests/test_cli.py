"""The command line."""

import subprocess
import sys
import time

import pytest

import sklearn_lenet
from sklearn_lenet import cli
from sklearn_lenet.datasets import DATA_VARIABLE


def test_version(capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out == f"sklearn-lenet {sklearn_lenet.__version__}\n"


def test_help_does_not_wait_for_torch():
    code = "import sys; from sklearn_lenet.cli import main\n"
    code += "try: main(['--help'])\nexcept SystemExit: print('torch' in sys.modules)"
    command, seconds = [sys.executable, "-c", code], []
    for _ in range(3):  # the quickest, because other work on the machine only slows it down
        start = time.perf_counter()
        out = subprocess.run(command, capture_output=True, text=True, check=True)
        seconds.append(time.perf_counter() - start)
    assert "demo" in out.stdout
    assert out.stdout.endswith("False\n")
    assert min(seconds) < 1


def test_an_unknown_command_names_the_known_ones(capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(["train-a-whale"])
    assert stop.value.code == 2
    assert "demo" in capsys.readouterr().err


def test_demo_without_mnist_runs_on_the_bundled_digits(monkeypatch, tmp_path, capsys):
    monkeypatch.delenv(DATA_VARIABLE, raising=False)
    monkeypatch.setattr("pooch.os_cache", lambda _: tmp_path)
    assert cli.main(["demo"]) == 0
    title, _, _, *lines = capsys.readouterr().out.splitlines()
    assert title == "scikit-learn's 8x8 digits: 1,347 training rows, 450 test rows"
    accuracies = {line[:24].strip(): float(line[24:34].rstrip("% ")) for line in lines}
    assert list(accuracies) == list(cli.demo_models(0))
    assert min(accuracies.values()) > 95


def test_demo_takes_mnist_where_it_is(mnist):
    title, X, X_test, y, y_test = cli.demo_data(0)
    assert title == "MNIST"
    assert (len(X), len(y), len(X_test), len(y_test)) == (10_000, 10_000, 10_000, 10_000)
