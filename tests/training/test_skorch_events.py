"""What skorch's callbacks and history are told, and what ends a fit."""

import re

import numpy as np
import pandas as pd
import pytest
import torch
from helpers import quick
from sklearn.base import clone
from skorch.callbacks import Callback, EarlyStopping, EpochScoring, Freezer, GradientNormClipping

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
