"""The ablation scores recipes that differ from the best one, and its table shows the scores."""

import ablation
import numpy as np
import pytest
import torch

from sklearn_lenet import LeNet5Classifier
from sklearn_lenet.estimators import VARIANTS


def test_every_recipe_differs_from_the_best_one():
    known = LeNet5Classifier().get_params()
    for name, changed in ablation.RECIPES.items():
        assert set(changed) <= set(known), name
        for parameter, value in changed.items():
            assert value != VARIANTS["best"].get(parameter, known[parameter]), name
    assert set(ablation.SEEDS) <= set(ablation.RECIPES)


def test_each_half_of_a_batch_has_its_own_distortion():
    images = torch.rand(6, 1, 28, 28)
    changed = ablation.elastic_and_affine(images)
    assert changed.shape == images.shape
    assert all((changed[k] != images[k]).any() for k in range(6))


def test_the_scores_by_hand():
    found = ablation.scores(np.array([[0.9, 0.1], [0.4, 0.6]]), np.array([0, 0]))
    assert found["accuracy"] == 0.5
    assert found["log_loss"] == pytest.approx(-(np.log(0.9) + np.log(0.4)) / 2)
    assert found["calibration_error"] == pytest.approx((0.1 + 0.6) / 2)


def test_a_student_learns_from_its_teachers(bundled, monkeypatch):
    X, y, X_test, y_test = bundled
    monkeypatch.setattr(ablation, "split", lambda: (X, X_test, y, y_test))
    monkeypatch.setitem(ablation.BEST, "max_epochs", 25)
    teachers = [LeNet5Classifier(max_epochs=15, random_state=s).fit(X, y) for s in range(2)]
    found = ablation.distilled(teachers)
    assert found["accuracy"] > teachers[0].score(X_test, y_test) - 0.05


def test_the_table_shows_means_and_deviations():
    runs = [{"accuracy": a, "log_loss": 0.01, "calibration_error": 0.002} for a in (0.995, 0.997)]
    lines = ablation.table({"recipes": {"best": runs, "affine": runs[:1]}})
    assert lines[2] == "| best | 99.60 ± 0.14 | 0.0100 ± 0.0000 | 0.20 ± 0.00 | 2 |"
    assert lines[3] == "| affine | 99.50 | 0.0100 | 0.20 | 1 |"
