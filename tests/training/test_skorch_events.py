"""What skorch's callbacks and history are told, and what ends a fit."""

import pickle
import re

import numpy as np
import pandas as pd
import pytest
import torch
from helpers import quick
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from skorch.callbacks import (
    Callback,
    EarlyStopping,
    EpochScoring,
    Freezer,
    GradientNormClipping,
    LRScheduler,
)

from sklearn_lenet import DenseDigitClassifier


def test_history_is_a_table(digits):
    model = quick(max_epochs=3).fit(*digits)
    table = pd.DataFrame(model.history_)
    assert table["train_loss"].tolist() == model.loss_curve_
    assert table["epoch"].tolist() == [1, 2, 3]
    assert (table["dur"] > 0).all()
    assert table["lr"].iloc[-1] < 0.004 / 100
    assert "batches" not in table


def test_verbose_prints_a_line_per_epoch(digits, capfd):
    X, y = digits
    quick(max_epochs=2, verbose=1).fit(X, y, X_val=X[:99], y_val=y[:99])
    out, err = capfd.readouterr()
    line = r"epoch {}/2  loss \d\.\d{{4}}  validation \d\.\d{{4}}  \d+\.\d s\n"
    assert re.fullmatch(line.format(1) + line.format(2), out)
    assert err == ""
    quick(max_epochs=2).fit(X, y, X_val=X[:99], y_val=y[:99])
    assert capfd.readouterr() == ("", "")


def note(name):
    return lambda diary, net, **kwargs: diary.calls_.append((name, kwargs))


class Diary(Callback):
    """Note every call."""

    def initialize(self):
        self.calls_ = getattr(self, "calls_", [])
        return self

    on_train_begin, on_train_end = note("train begins"), note("train ends")
    on_epoch_begin, on_epoch_end = note("epoch begins"), note("epoch ends")
    on_batch_begin, on_batch_end = note("batch begins"), note("batch ends")
    on_grad_computed = note("gradient")


def test_skorch_callbacks_get_every_event(digits):
    X, y = digits[0][:100], digits[1][:100]
    diary = Diary()
    model = quick(DenseDigitClassifier, callbacks=[diary], max_epochs=1)
    model.fit(X, y, X_val=X[:10], y_val=y[:10])
    one_batch = ["batch begins", "gradient", "batch ends"]
    assert [name for name, _ in diary.calls_] == [
        "train begins",
        "epoch begins",
        *one_batch,
        *one_batch,
        "batch begins",
        "batch ends",
        "epoch ends",
        "train ends",
    ]
    last = diary.calls_[-3][1]
    assert last["training"] is False
    assert last["y_pred"].shape == (10, 10)
    assert model.callbacks == [diary]
    model.fit(X, y)
    assert sum(name == "train begins" for name, _ in diary.calls_) == 2
    expected = quick(DenseDigitClassifier, max_epochs=1).fit(X, y)
    np.testing.assert_array_equal(model.predict_proba(X), expected.predict_proba(X))
    assert len(clone(model).callbacks) == 1


def test_skorchs_own_callbacks_work(digits):
    X, y = digits
    scoring = EpochScoring("accuracy", on_train=True, lower_is_better=False, name="train_acc")
    model = quick(DenseDigitClassifier, callbacks=[scoring, ("clip", GradientNormClipping(1e-9))])
    model.fit(X[:1000], y[:1000])
    table = pd.DataFrame(model.history_)
    assert table["train_acc"].between(0, 1).all()
    validated = quick(DenseDigitClassifier, callbacks=[EpochScoring("f1_macro", name="f1")])
    validated.fit(X[:1000], y[:1000], X_val=X[1000:], y_val=y[1000:])
    assert 0.3 < validated.history_[-1]["f1"] < 1


@pytest.mark.parametrize("input_size", [32, 30])  # by hand, and by torch
def test_frozen_weights_stay_as_they_were(digits, input_size):
    settings = {"input_size": input_size, "optimizer": "sgd"}
    untrained = quick(max_epochs=1, lr=1e-30, **settings).fit(*digits).module_
    model = quick(callbacks=[Freezer("c*")], **settings).fit(*digits).module_
    for name, before in untrained.named_parameters():
        same = torch.allclose(before, model.get_parameter(name), rtol=0, atol=1e-20)
        assert same == name.startswith("c"), name


def test_skorchs_early_stopping_ends_the_fit_quietly(digits):
    X, y = digits
    stop = EarlyStopping(monitor="train_loss", patience=2, threshold=10.0, sink=lambda _: None)
    model = quick(DenseDigitClassifier, callbacks=[stop], max_epochs=20).fit(X, y)
    assert model.n_iter_ == 3
    assert model.predict(X).shape == y.shape


def test_skorchs_early_stopping_prints_in_a_verbose_fit(digits, capsys):
    X, y = digits
    for verbose in (0, 1):
        stop = EarlyStopping(monitor="train_loss", patience=2, threshold=10.0)
        quick(DenseDigitClassifier, callbacks=[stop], max_epochs=20, verbose=verbose).fit(X, y)
        assert ("Stopping since train_loss" in capsys.readouterr().out) == bool(verbose)


@pytest.mark.parametrize("on_train", [True, False])
def test_scores_without_a_cache_are_those_with_one(digits, on_train):
    X, y = digits[0][:400], digits[1][:400]
    scores = []
    for use_caching in (True, False):
        scoring = EpochScoring(
            "accuracy", on_train=on_train, use_caching=use_caching, name="a", lower_is_better=False
        )
        model = quick(DenseDigitClassifier, callbacks=[scoring], lr=1e-30)
        model.fit(X[:300], y[:300], X_val=X[300:], y_val=y[300:])
        scores.append([record["a"] for record in model.history_])
    assert scores[0] == scores[1]


def test_a_callback_may_predict_a_data_set(digits):
    X, y = digits[0][:400], digits[1][:400]

    class Watch(Callback):
        def on_epoch_end(self, net, dataset_train, dataset_valid, **kwargs):
            self.predicted = net.predict(dataset_valid)
            self.row = dataset_train[3]
            assert len(dataset_train) == 300

    watch = Watch()
    model = quick(callbacks=[watch]).fit(X[:300], y[:300], X_val=X[300:], y_val=y[300:])
    assert watch.predicted.tolist() == model.predict(X[300:]).tolist()
    assert watch.row[0].shape == (1, 32, 32)
    assert int(watch.row[1]) == y[3]


def test_the_net_keeps_its_history(digits):
    X, y = digits[0][:300], digits[1][:300]
    model = quick(DenseDigitClassifier, warm_start=True, max_epochs=2).fit(X, y).fit(X, y)
    assert model.net_.history[:, "train_loss"] == model.loss_curve_
    once = quick(DenseDigitClassifier).fit(X, y)
    assert once.net_.history[:, ("epoch", "train_loss")] == list(enumerate(once.loss_curve_, 1))
    assert pickle.loads(pickle.dumps(once)).net_.history == once.net_.history


class Patience(Callback):
    def __init__(self, patience=1):
        self.patience = patience


def test_parameters_of_callbacks_are_set_by_name(digits):
    X, y = digits[0][:300], digits[1][:300]
    model = quick(callbacks=[("named", Patience()), Patience()])
    model.set_params(callbacks__named__patience=3, callbacks__Patience__patience=4, lr=0.01)
    assert [model.callbacks[0][1].patience, model.callbacks[1].patience, model.lr] == [3, 4, 0.01]
    for name in ("callbacks__other__patience", "callbacks__named"):
        with pytest.raises(
            ValueError, match=r"names no callback: .* the names are named, Patience"
        ):
            model.set_params(**{name: 1})
    grid = {"callbacks__named__patience": [5, 6]}
    search = GridSearchCV(quick(callbacks=[("named", Patience())]), grid, cv=2).fit(X, y)
    assert search.best_estimator_.callbacks[0][1].patience in (5, 6)
    assert search.estimator.callbacks[0][1].patience == 1


@pytest.mark.parametrize("policy", ["StepLR", "ReduceLROnPlateau", "WarmRestartLR"])
def test_a_scheduler_of_the_user_replaces_the_schedule(digits, policy):
    X, y = digits[0][:300], digits[1][:300]
    settings = {"StepLR": {"step_size": 1, "gamma": 0.5}}.get(policy, {})
    scheduler = LRScheduler(policy, **settings)
    model = quick(callbacks=[scheduler], max_epochs=4, lr=0.004).fit(X, y)
    constant = quick(callbacks=[scheduler], max_epochs=4, lr=0.004, lr_schedule="constant")
    rates = [record["lr"] for record in model.history_]
    assert rates == [record["lr"] for record in constant.fit(X, y).history_]
    if policy == "StepLR":
        assert rates == pytest.approx([0.004, 0.002, 0.001, 0.0005])


def test_an_error_in_a_callback_is_raised(digits):
    class Bad(Callback):
        def on_epoch_end(self, net, **kwargs):
            raise RuntimeError("mine")

    model = quick(DenseDigitClassifier, callbacks=[Bad()])
    with pytest.raises(RuntimeError, match="mine"):
        model.fit(*digits)
    assert not hasattr(model, "net_")


class Interrupting(Callback):
    """A callback that raises what Ctrl-C raises."""

    def on_epoch_end(self, net, **kwargs):
        raise KeyboardInterrupt


def test_ctrl_c_in_a_callback_is_not_swallowed(digits):
    X, y = digits[0][:100], digits[1][:100]
    patient = EarlyStopping("train_loss", patience=50)
    model = quick(DenseDigitClassifier, callbacks=[patient, Interrupting()])
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, y)
