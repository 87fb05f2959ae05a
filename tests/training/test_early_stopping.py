"""Rows held back or given to validate on, and when training stops."""

import numpy as np
import pytest
import torch
from helpers import BOTH, quick
from numpy.testing import assert_array_equal
from sklearn.metrics import accuracy_score

from sklearn_lenet import DenseDigitClassifier
from sklearn_lenet.training import _skorch_events
from sklearn_lenet.training._batches import Rows
from sklearn_lenet.training._loop import Training
from sklearn_lenet.training._samples import Samples


def stopping(**settings):
    return quick(
        DenseDigitClassifier, **{"early_stopping": True, "lr_schedule": "constant"} | settings
    )


@pytest.fixture
def scores(monkeypatch):
    """Let the validation scores be these, one after the other, whatever the net does."""
    planned = []

    def validate(training, *_):
        score = planned[training.n_epochs]
        _skorch_events.record(training.net, "valid_acc", score, lower_is_better=False)
        return score

    monkeypatch.setattr(Training, "_validate", validate)
    return planned


def test_validation_fraction_is_what_is_held_back(digits, monkeypatch):
    seen = []
    init = Rows.__init__
    monkeypatch.setattr(
        Rows, "__init__", lambda rows, *a, **k: init(rows, *a, **k) or seen.append(rows)
    )
    stopping(validation_fraction=0.25, max_epochs=1).fit(digits[0][:1000], digits[1][:1000])
    assert [len(rows) for rows in seen] == [750, 250]
    assert seen[1].augment is None
    quick(DenseDigitClassifier, max_epochs=1).fit(digits[0][:1000], digits[1][:1000])
    assert [len(rows) for rows in seen[2:]] == [1000]


def test_it_stops_after_n_iter_no_change_epochs_without_improvement(digits, scores):
    # As in MLPClassifier: it stops after more than n_iter_no_change epochs with gains below tol.
    scores += [0.5, 0.6, 0.6005, 0.6006, 0.6, 0.9]
    model = stopping(n_iter_no_change=2, tol=0.01, max_epochs=9).fit(*digits)
    assert model.validation_scores_ == [0.5, 0.6, 0.6005, 0.6006, 0.6][: model.n_iter_]
    assert model.n_iter_ == 5
    assert model.best_validation_score_ == 0.6006


def test_small_gains_add_up_to_an_improvement(digits, scores):
    scores += [0.5, 0.505, 0.51, 0.515, 0.52]
    assert stopping(n_iter_no_change=1, tol=0.007, max_epochs=5).fit(*digits).n_iter_ == 3
    assert stopping(n_iter_no_change=1, tol=0.004, max_epochs=5).fit(*digits).n_iter_ == 5


def test_the_weights_of_the_best_epoch_are_kept(digits, scores):
    scores += [0.5, 0.9, 0.7, 0.8]
    best = stopping(max_epochs=2).fit(*digits).predict_proba(digits[0])
    assert_array_equal(stopping(max_epochs=4).fit(*digits).predict_proba(digits[0]), best)


def test_of_equal_epochs_the_last_one_is_kept(digits, scores):
    scores += [0.5, 0.9, 0.9, 0.8]
    best = stopping(max_epochs=3).fit(*digits).predict_proba(digits[0])
    assert_array_equal(stopping(max_epochs=4).fit(*digits).predict_proba(digits[0]), best)


def test_auto_waits_longer_if_the_learning_rate_falls(digits, scores):
    scores += [0.9] + [0.5] * 29
    assert stopping(max_epochs=30).fit(*digits).n_iter_ == 12  # 1 + 10, and the one that is more
    falling = stopping(max_epochs=30, lr_schedule="one-cycle").fit(*digits)
    assert falling.n_iter_ == 17  # 1 + half of 30, and the one that is more


def test_ctrl_c_keeps_the_best_as_well(digits, scores, monkeypatch):
    scores += [0.9, 0.5]
    best = stopping(max_epochs=1).fit(*digits).predict_proba(digits[0])

    def interrupt(net):
        if len(net.history) == 2:
            raise KeyboardInterrupt
        return {"train_loss": 1.0, "valid_acc": 0.9}

    monkeypatch.setattr(_skorch_events, "last_epoch", interrupt)
    model = stopping(max_epochs=4)
    with pytest.raises(KeyboardInterrupt):
        model.fit(*digits)
    assert_array_equal(model.predict_proba(digits[0]), best)
    assert model.validation_scores_ == [0.9]


@BOTH
def test_a_validation_set_of_ones_own(digits, Classifier):
    X, y = digits
    model = quick(Classifier, max_epochs=5).fit(X[:1000], y[:1000], X_val=X[1000:], y_val=y[1000:])
    assert len(model.validation_scores_) == model.n_iter_ == 5
    assert model.best_validation_score_ == max(model.validation_scores_)
    assert model.score(X[1000:], y[1000:]) == pytest.approx(model.best_validation_score_)
    assert [row["valid_acc"] for row in model.history_] == model.validation_scores_
    assert all(row["valid_loss"] > 0 for row in model.history_)


def test_a_validation_set_takes_the_place_of_the_split(digits, monkeypatch):
    seen = []
    take = Rows.take
    monkeypatch.setattr(
        Rows, "take", lambda rows, index: seen.append(len(rows)) or take(rows, index)
    )
    X, y = digits
    stopping().fit(X[:1000], y[:1000], X_val=X[1000:1300], y_val=y[1000:1300])
    assert set(seen) == {1000, 300}


def test_validation_rows_weigh_as_they_should(digits):
    X, y = digits
    weights = np.where(y == 1, 50.0, 1.0)
    model = stopping(max_epochs=1, validation_fraction=0.5).fit(X, y, sample_weight=weights)
    seed = np.random.RandomState(0).randint(np.iinfo(np.int32).max)
    _, held = Samples(X.astype(np.float32), y, weights).split(0.5, seed)
    expected = accuracy_score(held.codes, model.predict(held.rows), sample_weight=held.weights)
    assert model.best_validation_score_ == pytest.approx(expected, abs=1e-6)


def test_without_validation_there_are_no_scores(fitted):
    assert fitted.validation_scores_ is None
    assert fitted.best_validation_score_ is None


def test_averaged_weights_are_what_is_validated(digits):
    X, y = digits
    settings = {"average_weights": True, "max_epochs": 3}
    model = quick(**settings).fit(X[:1000], y[:1000], X_val=X[1000:], y_val=y[1000:])
    assert model.score(X[1000:], y[1000:]) == pytest.approx(model.best_validation_score_)


BAD = {
    "one row of a class": (
        np.r_[0, np.ones(39)],
        {},
        "and 40 rows leaves one of 2 classes without",
    ),
    "fewer than classes": (np.arange(40) % 8, {}, "and 40 rows leaves one of 8 classes without"),
    "nearly all": (
        np.arange(40) % 2,
        {"validation_fraction": 0.99},
        "validation_fraction=0.99 and 40 rows",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_too_few_rows(digits, case):
    y, settings, message = BAD[case]
    with pytest.raises(ValueError, match=f"{message}.*: pass more rows, X_val and y_val, or early"):
        stopping(**settings).fit(digits[0][:40], y)


@pytest.mark.parametrize("fraction", [0, 1, -0.1, 1.5])
def test_a_fraction_is_between_0_and_1(digits, fraction):
    with pytest.raises(ValueError, match=r"'validation_fraction' .* range \(0.0, 1.0\)"):
        stopping(validation_fraction=fraction).fit(*digits)


def test_bad_validation_sets(digits):
    X, y = digits
    model = quick(DenseDigitClassifier, max_epochs=1)
    with pytest.raises(ValueError, match="y_val is missing: validation rows need both"):
        model.fit(X, y, X_val=X)
    with pytest.raises(ValueError, match="X_val is missing: validation rows need both"):
        model.fit(X, y, y_val=y)
    with pytest.raises(
        ValueError, match=r"y_val contains the labels \[77\], but the classes of Dense.* are \[0, 1"
    ):
        model.fit(X, y, X_val=X[:1], y_val=[77])
    with pytest.raises(ValueError, match="X has 63 features, but DenseDigitClassifier is exp"):
        model.fit(X, y, X_val=X[:, :63], y_val=y)
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        model.fit(X, y, X_val=X[:5], y_val=y[:4])
    assert torch.is_grad_enabled()
