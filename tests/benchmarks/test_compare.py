"""The command of the comparison: its plan, its messages, and what it keeps."""

import re
from functools import partial

import compare
import pytest
from comparison import run
from comparison.models import MODELS

from sklearn_lenet import fetch_mnist


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--models", "svn"], f"--models svn is unknown; use one of {', '.join(MODELS)}"),
        (["--n-train", "50"], "--n-train 50 is too small; use 100 or more"),
        (["--seeds", "-1"], "--seeds -1 is negative; use 0 or more"),
        (["--quick", "--full"], "--quick and --full cannot be combined; use one of them"),
        (
            ["--models", "keras-jax"],
            "--models keras-jax needs keras and jax; install with: "
            "pip install 'sklearn_lenet[bench]'",
        ),
    ],
)
def test_invalid_arguments_exit_with_a_message(arguments, message, capsys, monkeypatch):
    monkeypatch.setattr("comparison.models.find_spec", lambda package: None)
    with pytest.raises(SystemExit) as ended:
        compare.main(arguments)
    assert ended.value.code == 2
    said = " ".join(capsys.readouterr().err.split())
    assert said.endswith(f"error: {message}")


def test_missing_data_exit_with_the_message_of_the_loader(monkeypatch, tmp_path, capsys):
    monkeypatch.delenv("SKLEARN_LENET_DATA", raising=False)
    offline = partial(fetch_mnist, data_home=tmp_path, download_if_missing=False)
    monkeypatch.setitem(run.SOURCES, "MNIST", offline)
    assert compare.main(["--models", "logistic", "--out", str(tmp_path)]) == 2
    assert "SKLEARN_LENET_DATA" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.fixture
def recorded(monkeypatch, figures):
    """Runs that are recorded, not done; those of the forest fail."""
    done = []

    def measured(plan, source):
        for one in plan:
            done.append(one)
            failed = {"error": "ValueError: no trees"}
            yield one, failed if one.model == "forest" else figures(0.9)

    monkeypatch.setattr(compare.runs, "measured", measured)
    return done


def test_a_failed_run_has_a_row_and_changes_the_exit_code(recorded, tmp_path, capsys):
    arguments = ["--quick", "--out", str(tmp_path), "--models", "logistic", "forest"]
    assert compare.main(arguments) == 1
    said = capsys.readouterr()
    assert re.search(r"forest +failed: ValueError: no trees", said.out)
    assert re.search(r"logistic +90\.00", said.out)
    assert said.err.splitlines()[-1] == "1 runs failed: forest"
    assert len(recorded) == 2
    assert compare.main(arguments) == 1  # repeats only the failed run
    assert [one.model for one in recorded[2:]] == ["forest"]


def test_a_model_that_is_not_installed_has_a_row(recorded, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("comparison.models.find_spec", lambda package: None)
    compare.main(["--quick", "--out", str(tmp_path)])
    said = capsys.readouterr().out
    assert re.search(r"keras-tensorflow +not run: keras, tensorflow not installed", said)
    assert {one.model for one in recorded} == {n for n in MODELS if not n.startswith("keras")}


def test_an_interrupted_comparison_keeps_the_runs_that_are_done(tmp_path, monkeypatch, figures):
    def measured(plan, source):
        if plan[0].model == "mlp":
            raise KeyboardInterrupt
        yield plan[0], figures()

    monkeypatch.setattr(compare.runs, "measured", measured)
    arguments = ["--quick", "--out", str(tmp_path), "--models", "logistic", "mlp"]
    with pytest.raises(KeyboardInterrupt):
        compare.main(arguments)
    assert [path.name for path in tmp_path.iterdir()] == ["logistic.json"]


def test_the_full_plan():
    plan = compare.planned(compare.parsed(["--full", "--models", "lenet", "svm"]))
    whole = [one for one in plan if one.n_rows is None]
    assert [(one.model, one.seed) for one in whole] == [
        *(("lenet", s) for s in range(3)),
        ("svm", 0),
    ]
    assert {one.n_rows for one in plan if not one.thorough} == set(compare.CURVE)
    groups = compare.grouped_by_process(plan)
    assert [one for group in groups for one in group] == plan
    assert [len(group) for group in groups] == [1, 1, 1, 13, 1, 13]


def test_the_full_plan_of_a_model_for_few_rows():
    plan = compare.planned(compare.parsed(["--full", "--models", "svm-augmented"]))
    assert [one.n_rows for one in plan] == [*[100] * 3, *[300] * 3, *[1000] * 3, *[3000] * 3]
    assert not any(one.thorough for one in plan)


def test_a_plan_for_given_rows_and_seeds():
    chosen = compare.parsed(["--models", "lenet", "--n-train", "300", "600", "--seeds", "4", "5"])
    plan = compare.planned(chosen)
    assert [(one.n_rows, one.seed) for one in plan] == [(300, 4), (300, 5), (600, 4), (600, 5)]
    assert all(one.thorough for one in plan)
