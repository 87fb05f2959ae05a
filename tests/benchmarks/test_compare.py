"""The comparison: what is measured, that a run is never lost, and what it says of bad input."""

import json
import multiprocessing
import os
import re
from functools import partial

import compare
import numpy as np
import pandas as pd
import pytest
from comparison import measures, rows, run, tables
from comparison.disturbances import DISTURBANCES, disturbed
from comparison.elsewhere import KerasNet, SkorchNet, TorchLoop
from comparison.models import MODELS, Model
from comparison.results import Results
from comparison.run import Run
from sklearn.datasets import load_digits
from sklearn.metrics import log_loss

from sklearn_lenet import fetch_mnist

FIGURES = ["accuracy", "precision", "recall", "f1", "log_loss", "calibration_error", "rejected"]
FIGURES += ["fit_seconds", "predict_seconds", "one_row_seconds", "one_row_seconds_95"]
FIGURES += ["fit_memory", "saved_size"]
ONE = Run("logistic", 200, 0, thorough=True)


@pytest.fixture(scope="module")
def bundled():
    return rows.bundled()


@pytest.fixture
def answers():
    """Probabilities and labels of a model that is mostly right."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 10, 500)
    scores = rng.normal(size=(500, 10))
    scores[np.arange(500), y] += 4
    return np.exp(scores) / np.exp(scores).sum(1, keepdims=True), y


# What is measured


def test_log_loss_is_scikit_learns(answers):
    assert measures.log_loss(*answers) == pytest.approx(log_loss(answers[1], answers[0]))


def test_a_true_label_of_probability_0_costs_a_bounded_loss():
    assert measures.log_loss(np.array([[1.0, 0.0]]), np.array([1])) == pytest.approx(
        15.94, abs=0.01
    )


def test_likelihoods_of_pairs_are_those_of_the_surest_winner():
    from sklearn.svm import SVC

    X, y = load_digits(n_class=4, return_X_y=True)
    model = SVC().fit(X, y)
    votes = model.decision_function(X)
    likely = measures.likelihoods(run.scores_of(model, X), 2.0, n_classes=4)
    assert likely.shape == votes.shape == (len(X), 4)
    assert likely.sum(1) == pytest.approx(np.ones(len(X)))
    assert np.mean(likely.argmax(1) == model.predict(X)) > 0.98
    two, one = 1 / (1 + np.exp(-2.0)), 1 / (1 + np.exp(-1.0))
    half = 0.5  # 0 beats 1, 2 and 3; nothing is known of the rest
    expected = np.array(
        [two * one * one, (1 - two) * half**2, (1 - one) * half**2, (1 - one) * half**2]
    )
    found = measures.likelihoods(np.array([[2.0, 1.0, 1.0, 0.0, 0.0, 0.0]]), 1.0, n_classes=4)
    assert found[0] == pytest.approx(expected / expected.sum())


def test_a_score_a_class_is_no_score_a_pair():
    """Ten classes have ten scores, and so have the pairs of five."""
    scores = np.random.default_rng(0).normal(size=(6, 10))
    shares = np.exp(3 * scores)
    expected = shares / shares.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(measures.likelihoods(scores, 3.0, n_classes=10), expected)


def test_calibration_error_bin_by_bin(answers):
    probabilities, y = answers
    sure, right = probabilities.max(1), probabilities.argmax(1) == y
    error = 0
    for bin_ in range(15):
        inside = (sure >= bin_ / 15) & (sure < (bin_ + 1) / 15)
        if inside.any():
            error += inside.mean() * abs(sure[inside].mean() - right[inside].mean())
    assert measures.calibration_error(probabilities, y) == pytest.approx(error)


def test_rejected_share_by_trying_every_number(answers):
    probabilities, y = answers
    ranked = np.sort(probabilities, axis=1)
    surest_first = np.argsort(ranked[:, -2] - ranked[:, -1], kind="stable")
    wrong = (probabilities.argmax(1) != y)[surest_first]
    kept = max(n for n in range(1, 501) if wrong[:n].sum() <= 0.005 * n)
    assert 0 < measures.rejected(probabilities, y) == pytest.approx(1 - kept / 500)


def test_all_is_rejected_where_the_surest_is_wrong():
    assert measures.rejected(np.array([[0.9, 0.1], [0.6, 0.4]]), np.array([1, 1])) == 1


def test_deskewed_digits_are_upright_and_centred():
    images = np.zeros((1, 28, 28), dtype=np.uint8)
    for row in range(4, 24):
        images[0, row, 3 + row // 2] = 255  # a stroke that leans by half a pixel a row
    before = images.astype(float)
    after = rows.deskewed(images.reshape(1, -1)).reshape(1, 28, 28)
    at = np.arange(28)

    def moments(image):
        ink = image.sum()
        row, column = (image.sum(1) * at).sum() / ink, (image.sum(0) * at).sum() / ink
        lean = (image * np.outer(at - row, at - column)).sum() / ink
        return row, column, lean

    assert abs(moments(before[0])[2]) > 10
    assert moments(after[0]) == pytest.approx((13.5, 13.5, 0), abs=0.2)
    assert after.sum() == pytest.approx(before.sum() / 255, rel=0.02)


def test_an_empty_picture_stays_empty():
    assert rows.deskewed(np.zeros((2, 784), dtype=np.uint8)).max() == 0


def test_samples_of_rows_keep_the_shares_and_differ_by_seed(bundled):
    one, other = (rows.first(bundled, 100, seed) for seed in (0, 1))
    assert np.bincount(one.y).tolist() == pytest.approx([10] * 10, abs=1)
    assert not np.array_equal(one.X, other.X)
    assert one.X_test is bundled.X_test
    assert rows.first(bundled, None, 0) is bundled


@pytest.mark.parametrize("name", DISTURBANCES)
def test_stronger_disturbances_change_more(name, bundled):
    X = bundled.X_test[:50]
    strengths = DISTURBANCES[name][1]
    assert len(strengths) == 5
    away = [np.abs(disturbed(X, name, s).astype(int) - X).mean() for s in strengths]
    assert away[0] > 0
    assert away == sorted(away)
    assert np.array_equal(disturbed(X, name, strengths[2]), disturbed(X, name, strengths[2]))
    assert disturbed(X, name, strengths[2]).dtype == np.uint8


def test_disturbances_by_hand():
    point = np.zeros((1, 28, 28), dtype=np.uint8)
    point[0, 14, 14] = 200
    X = point.reshape(1, -1)
    moved = np.argwhere(disturbed(X, "shift", 3).reshape(28, 28))
    assert np.abs(moved - 14).max() == 3
    assert set(np.abs(moved - 14).ravel()) <= {0, 3}
    assert disturbed(X, "inversion", 1.0).reshape(28, 28)[14, 14] == 55
    stroke = np.zeros((1, 28, 28), dtype=np.uint8)
    stroke[0, 4:24, 13:15] = 255
    turned = disturbed(stroke.reshape(1, -1), "rotation", 45).reshape(28, 28)
    assert turned[13, 13] > 200
    assert turned[4].max() == 0


# The registry


def test_every_model_says_where_its_settings_come_from():
    for name, spec in MODELS.items():
        assert spec.settings.endswith("."), name
        made = spec.make(7)
        assert hasattr(made, "fit")
        assert hasattr(made, "predict")
        assert (spec.sharpness is None) == (name not in {"svm", "svm-deskewed", "nystroem"})


def test_a_call_is_the_same_in_every_process():
    for name in MODELS:
        assert " at 0x" not in run.call(Run(name, None, 3, thorough=True))
    assert "random_state=3" in run.call(Run("lenet", None, 3, thorough=True))


def test_the_same_recipe_everywhere(bundled):
    """Every home, from weights of its own, learns these few digits in about ninety steps."""
    X, y, X_test, y_test = bundled
    for net in (TorchLoop(0, max_epochs=18), SkorchNet(0, max_epochs=18)):
        fitted = net.fit(X, y)
        assert np.mean(fitted.predict(X_test) == y_test) > 0.9
        assert fitted.predict_proba(X_test).sum(1) == pytest.approx(np.ones(len(X_test)), abs=1e-5)
        assert 240_000 < fitted.saved_size() < 300_000  # 61,706 weights of four bytes


def test_keras_learns_as_well(bundled):
    pytest.importorskip("keras", reason="keras is in the extra bench, which `make test` leaves out")
    X, y, X_test, y_test = bundled
    net = KerasNet("tensorflow", 0, max_epochs=18).fit(X, y)
    assert net.model.count_params() == 61_706
    assert np.mean(net.predict(X_test) == y_test) > 0.9
    assert net.predict_proba(X_test[:1]) == pytest.approx(net.predict_proba(X_test)[:1], abs=1e-5)


# One run in a process of its own


def test_a_run_measures_all_there_is():
    [(same, result)] = run.measured([ONE], "bundled digits")
    assert same == ONE
    assert result["rows"] == 200
    assert result["predicted_rows"] == 500
    assert all(np.isfinite(result[name]) for name in FIGURES)
    assert 0.8 < result["accuracy"] <= 1
    assert result["one_row_seconds"] <= result["one_row_seconds_95"] < 1
    assert result["environment"]["versions"]["torch"]
    json.dumps(result)


def serve_faulty(pipe, plan, source):
    """Stand in for a worker whose models crash, end the process, or work."""

    def crash(seed):
        raise MemoryError("no room for\n60,000 rows")

    MODELS["svm"] = Model(crash, "", "")
    MODELS["forest"] = Model(lambda seed: os._exit(9), "", "")
    SERVE(pipe, plan, source)


SERVE = run._serve


def test_a_crash_is_a_row_and_the_next_run_goes_on(monkeypatch):
    monkeypatch.setattr(run, "_serve", serve_faulty)
    names = ["svm", "forest", "logistic"]
    plan = [Run(name, 100, 0, thorough=False) for name in names]
    results = [result for _, result in run.measured(plan, "bundled digits")]
    assert results[0]["error"] == "MemoryError: no room for 60,000 rows"
    assert results[1]["error"] == "the process ended with exit code 9"
    assert results[2]["accuracy"] > 0.5
    assert not multiprocessing.active_children()


# Results on disk


def test_what_is_written_is_not_run_again(tmp_path):
    results = Results(tmp_path)
    assert not results.has(ONE)
    results.add(ONE, {"accuracy": 0.5})
    assert results.has(ONE)
    assert not results.has(ONE._replace(seed=1))
    results.add(ONE._replace(seed=1), {"accuracy": 0.6})
    results.add(ONE, {"accuracy": 0.7})
    assert [kept["accuracy"] for kept in results.of("logistic")] == [0.7, 0.6]
    assert [path.name for path in tmp_path.iterdir()] == ["logistic.json"]


@pytest.mark.parametrize(
    "text", ["", '{"model": "logistic", "runs": [{"call"', "[]", '{"runs": [{}]}', '{"runs": 3}']
)
def test_a_half_written_file_is_run_again(tmp_path, text):
    results = Results(tmp_path)
    (tmp_path / "logistic.json").write_text(text)
    assert not results.has(ONE)
    results.add(ONE, {"accuracy": 0.5})
    assert results.has(ONE)


def test_an_error_or_other_settings_are_run_again(tmp_path, monkeypatch):
    results = Results(tmp_path)
    results.add(ONE, {"error": "MemoryError"})
    assert not results.has(ONE)
    results.add(ONE, {"accuracy": 0.5})
    assert results.has(ONE)
    monkeypatch.setitem(MODELS, "logistic", MODELS["neighbours"])
    assert not results.has(ONE)


def test_the_whole_set_counts_as_most_rows(tmp_path):
    results = Results(tmp_path)
    for n_rows, accuracy in [(None, 0.9), (200, 0.5)]:
        results.add(ONE._replace(n_rows=n_rows), {"accuracy": accuracy})
    assert [kept["accuracy"] for kept in results.full()["logistic"]] == [0.9]


# The command


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--models", "svn"], f"unknown model svn; the models are {', '.join(MODELS)}"),
        (["--n-train", "50"], "--n-train got 50; at least 100 rows are needed"),
        (["--seeds", "-1"], "--seeds got -1; a seed is 0 or more"),
        (["--quick", "--full"], "--quick and --full are two comparisons; ask for one"),
        (
            ["--models", "keras-jax"],
            "keras-jax needs keras and jax, not installed here: pip install 'sklearn_lenet[bench]'",
        ),
    ],
)
def test_bad_input(arguments, message, capsys, monkeypatch):
    monkeypatch.setattr("comparison.models.find_spec", lambda package: None)
    with pytest.raises(SystemExit) as ended:
        compare.main(arguments)
    assert ended.value.code == 2
    said = " ".join(capsys.readouterr().err.split())
    assert said.endswith(f"error: {message}")


def test_without_data_the_loader_says_so(monkeypatch, tmp_path, capsys):
    monkeypatch.delenv("SKLEARN_LENET_DATA", raising=False)
    offline = partial(fetch_mnist, data_home=tmp_path, download_if_missing=False)
    monkeypatch.setitem(run.SOURCES, "MNIST", offline)
    assert compare.main(["--models", "logistic", "--out", str(tmp_path)]) == 2
    assert "SKLEARN_LENET_DATA" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def figures(accuracy=0.9, **others):
    """Return made-up figures of a run."""
    return dict.fromkeys(FIGURES, 0.5) | {"accuracy": accuracy, "rows": 1297} | others


@pytest.fixture
def faked(monkeypatch):
    """Runs that are recorded, not run; those of the forest crash."""
    done = []

    def measured(plan, source):
        for one in plan:
            done.append(one)
            crashed = {"error": "ValueError: no trees"}
            yield one, crashed if one.model == "forest" else figures(0.9)

    monkeypatch.setattr(compare.runs, "measured", measured)
    return done


def test_a_crash_is_a_row_and_an_exit_code(faked, tmp_path, capsys):
    arguments = ["--quick", "--out", str(tmp_path), "--models", "logistic", "forest"]
    assert compare.main(arguments) == 1
    said = capsys.readouterr()
    assert re.search(r"forest +failed: ValueError: no trees", said.out)
    assert re.search(r"logistic +90\.00", said.out)
    assert said.err.splitlines()[-1] == "1 runs failed: forest"
    assert len(faked) == 2
    assert compare.main(arguments) == 1  # what failed runs again, what is done does not
    assert [one.model for one in faked[2:]] == ["forest"]


def test_what_is_not_installed_is_a_row(faked, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("comparison.models.find_spec", lambda package: None)
    compare.main(["--quick", "--out", str(tmp_path)])
    said = capsys.readouterr().out
    assert re.search(r"keras-tensorflow +not run: keras, tensorflow not installed", said)
    assert {one.model for one in faked} == {n for n in MODELS if not n.startswith("keras")}


def test_a_killed_comparison_keeps_what_is_done(tmp_path, monkeypatch):
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
    groups = compare.together(plan)
    assert [one for group in groups for one in group] == plan
    assert [len(group) for group in groups] == [1, 1, 1, 11, 1, 11]


def test_only_some_rows_and_seeds():
    chosen = compare.parsed(["--models", "lenet", "--n-train", "300", "600", "--seeds", "4", "5"])
    plan = compare.planned(chosen)
    assert [(one.n_rows, one.seed) for one in plan] == [(300, 4), (300, 5), (600, 4), (600, 5)]
    assert all(one.thorough for one in plan)


# Tables


def made_up(**accuracies):
    """Return the full results of models with the given accuracies."""
    env = {"cpu": "a CPU", "cores": 2, "torch_threads": 2, "python": "3", "versions": {}}
    return {
        name.replace("_", "-"): [
            figures(value, environment=env | {"commit": "abc"}, call="a()", seed=seed)
            for seed, value in enumerate(several)
        ]
        for name, several in accuracies.items()
    }


def test_answers_by_hand():
    full = made_up(
        lenet=[0.99, 0.992], svm=[0.985], mlp=[0.9999], forest=[0.97],
        lenet_tutorial=[0.98, 0.982], skorch=[0.98, 0.982], torch_loop=[0.9, 0.9001],
    )  # fmt: skip
    full["svm"][0] |= {"fit_seconds": 10.1, "predict_seconds": 49.0}
    table = tables.answers(full)
    assert table["measured"].tolist()[:4] == ["+0.60", "+0.60", "1/20.2", "1/98"]
    assert table["holds"].tolist()[:4] == ["yes", "yes", "yes", "**missed**"]
    assert table["holds"].to_dict()["ours over skorch, one recipe, points"] == "yes"
    assert table["holds"].to_dict()["ours over torch-loop, one recipe, points"] == "**missed**"


def test_an_overview_has_means_and_medians():
    full = made_up(lenet=[0.99, 0.992, 0.994])
    for one, seconds in zip(full["lenet"], [30.2, 20.1, 90.0], strict=True):
        one["fit_seconds"] = seconds
    line = tables.overview(full, ["lenet", "svm"]).loc["lenet"]
    assert line["accuracy, %"] == "99.20 ± 0.20"
    assert line["fit, s"] == "30"
    assert tables.overview(full, ["svm"]).loc["svm"].iloc[0] == "not run"


def test_the_paper_is_beside_ours():
    table = tables.beside_the_paper(made_up(lenet=[0.99], svm=[0.985], logistic=[0.92]))
    assert table.loc["SVM"].tolist() == ["1.10", "svm", "1.50"]
    assert table.loc["linear classifier", "error here, %"] == "8.00"


def test_a_curve_has_a_point_for_each_number_of_rows(tmp_path):
    results = Results(tmp_path)
    for n_rows, seed, accuracy in [(100, 0, 0.5), (100, 1, 0.7), (300, 0, 0.8)]:
        one = Run("logistic", n_rows, seed, thorough=False)
        results.add(one, {"rows": n_rows, "accuracy": accuracy})
    frame = tables.curve(results)["logistic"]
    assert frame["mean"].to_dict() == pytest.approx({100: 0.6, 300: 0.8})
    assert tables.curve_table(results).loc["logistic"].tolist() == ["60.0", "80.0"]


# Plots


def test_styles_can_be_told_apart_without_colour():
    plots = pytest.importorskip("comparison.plots", reason="plots need the extra plots")
    assert list(plots.STYLES) == list(MODELS)
    looks = [(plots.style(name)["marker"], MODELS[name].family) for name in MODELS]
    assert len(set(plots.STYLES.values())) == len(MODELS)
    assert len(set(looks)) == len(MODELS)


def test_plots_show_every_model(tmp_path):
    plots = pytest.importorskip("comparison.plots", reason="plots need the extra plots")
    full = made_up(lenet=[0.99, 0.992], svm=[0.985], forest=[0.97])
    frame = pd.DataFrame({"mean": [0.8, 0.9], "std": [0.01, np.nan]}, index=[100, 1000])
    spoilt = {
        name: pd.DataFrame([[0.9] * 5], ["svm"], s) for name, (_, s, _) in DISTURBANCES.items()
    }
    drawn = {
        "a": lambda: plots.curves({"lenet": frame, "svm": frame}),
        "b": lambda: plots.disturbances(spoilt),
        "c": lambda: plots.pareto(full),
    }
    for name, draw in drawn.items():
        path = tmp_path / f"{name}.png"
        plots.save(draw, path, "12ab")
        assert plots.digest_of(path) == "12ab"
        before = path.stat().st_mtime_ns
        plots.save(draw, path, "12ab")  # nothing new to show: nothing is written
        assert path.stat().st_mtime_ns == before
    legend = plots.pareto(full).legends[0]
    assert [text.get_text() for text in legend.get_texts()] == ["lenet", "svm", "forest"]


def test_who_is_beaten_by_none():
    plots = pytest.importorskip("comparison.plots", reason="plots need the extra plots")
    points = {"quick": (1, 5), "good": (9, 1), "worse": (9, 2), "slow": (20, 1)}
    beaten = {name for name, point in points.items() if plots._beaten(point, points)}
    assert beaten == {"worse", "slow"}
