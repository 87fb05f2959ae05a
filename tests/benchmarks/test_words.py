"""The recommendations name the models that are best in the results."""

import re

import numpy as np
import pytest
from _record import load
from comparison import words
from comparison.models import MODELS
from comparison.results import Results
from comparison.run import Run


@pytest.fixture(scope="module")
def advice():
    """Title -> text of each recommendation, from the committed results."""
    results = Results()
    text = " ".join(words.what_to_pick(results.full(), results))
    parts = re.findall(r"- \*\*(.*?)\*\*:\s+(.*?)(?= - \*\*|$)", text)
    return {title: re.sub(r"\s+", " ", rest) for title, rest in parts}


@pytest.fixture(scope="module")
def runs():
    """Name -> thorough runs on all of MNIST, read from the JSON files."""
    return {
        name: [
            run
            for run in load(f"compare/{name}")["runs"]
            if run["thorough"] and run["n_rows"] is None
        ]
        for name, spec in MODELS.items()
        if not spec.most_rows
    }


def mean(runs, measure):
    return np.mean([run[measure] for run in runs])


def test_the_fastest_of_the_accurate_models_is_named(advice, runs):
    accurate = [name for name in runs if mean(runs[name], "accuracy") >= 0.98]
    fastest = min(accurate, key=lambda name: mean(runs[name], "one_row_seconds"))
    assert advice["Fast prediction of one digit at a time"].startswith(f"`{fastest}`")


def test_the_best_calibrated_model_is_named(advice, runs):
    compared = [name for name in runs if MODELS[name].disturbed]
    best = min(compared, key=lambda name: mean(runs[name], "calibration_error"))
    error = 100 * mean(runs[best], "calibration_error")
    assert advice["Calibrated probabilities"].startswith(
        f"`{best}` has the smallest calibration error, {error:.2f} %."
    )


def test_the_most_accurate_model_without_torch_is_named(advice, runs):
    without_torch = [name for name in runs if MODELS[name].family == "scikit-learn"]
    best = max(without_torch, key=lambda name: mean(runs[name], "accuracy"))
    assert advice["Without torch"].startswith(f"`{best}`, the most accurate model of scikit-learn")


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (100, "`svm-deskewed`, 90.0 % (`lenet` has 80.0 %)"),
        (1000, "`lenet`, 97.0 % (`svm` has 95.0 %)"),
        (3000, "`lenet-best`, 98.5 % (`svm` has 96.0 %)"),
    ],
)
def test_the_best_model_for_few_rows_is_named_with_one_other(rows, text):
    curves = {
        "svm-deskewed": {100: 0.9, 1000: 0.91},
        "lenet": {100: 0.8, 1000: 0.97, 3000: 0.98},
        "lenet-best": {100: 0.7, 1000: 0.9, 3000: 0.985},
        "svm": {100: 0.7, 1000: 0.95, 3000: 0.96},
    }
    assert words._best(curves, rows) == text


def test_the_time_of_distorted_copies_is_told(tmp_path):
    results = Results(tmp_path)
    names = ("svm-deskewed", "svm-augmented", "forest", "forest-augmented", "lenet")
    for k, name in enumerate(names):
        for seed, times in enumerate((1, 10, 3)):
            one = Run(name, 1000, seed, thorough=False)
            results.add(one, {"rows": 1000, "accuracy": 0.9, "fit_seconds": times * (k + 1)})
    assert words.cost_of_copies(results).endswith(
        "A fit of 1,000 rows then takes 6.0 s instead of 3.0 s (`svm-deskewed`), and 12 s instead "
        "of 9.0 s (`forest`); `lenet` takes 15 s."
    )


def test_the_small_table_has_its_models_in_order(full_results):
    full = full_results(svm=[0.985], lenet=[0.99, 0.992], lenet_unpadded=[0.99])
    table = words.brief_table(full)
    assert table.index.tolist() == ["lenet", "svm"]
    assert table["accuracy, %"].tolist() == ["99.10 ± 0.14", "98.50"]
