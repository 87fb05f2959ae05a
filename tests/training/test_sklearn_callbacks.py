"""What a fit tells while it runs: history, lines, skorch's and scikit-learn's callbacks."""

import re

import numpy as np
import pandas as pd
import pytest
import sklearn
import torch
from helpers import BOTH, quick
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from skorch.callbacks import Callback, EarlyStopping, EpochScoring, Freezer, GradientNormClipping

from sklearn_lenet import DenseDigitClassifier

SKLEARN_CALLBACKS = tuple(map(int, sklearn.__version__.split(".")[:2])) >= (1, 9)
needs_callbacks = pytest.mark.skipif(
    not SKLEARN_CALLBACKS, reason="callbacks came with scikit-learn 1.9"
)


def test_history_is_a_table(digits):
    model = quick(max_epochs=3).fit(*digits)
    table = pd.DataFrame(model.history_)
    assert table["train_loss"].tolist() == model.loss_curve_
    assert table["epoch"].tolist() == [1, 2, 3]
    assert (table["dur"] > 0).all()
    assert table["lr"].iloc[-1] < 0.004 / 100
    assert "batches" not in table


def test_verbose_prints_a_line_a_pass_and_silence_nothing(digits, capfd):
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


def test_skorch_callbacks_hear_all_there_is(digits):
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


def test_an_error_in_a_callback_is_the_users(digits):
    class Bad(Callback):
        def on_epoch_end(self, net, **kwargs):
            raise RuntimeError("mine")

    model = quick(DenseDigitClassifier, callbacks=[Bad()])
    with pytest.raises(RuntimeError, match="mine"):
        model.fit(*digits)
    assert not hasattr(model, "net_")


class Tasks:
    """A callback of scikit-learn that notes every task, and may stop the fit."""

    def __init__(self, stop_after=None):
        self.stop_after, self.ended = stop_after, []

    def setup(self, estimator, context):
        """Begin."""

    def teardown(self, estimator, context):
        """End."""

    def on_fit_task_begin(self, estimator, context):
        """Hear that a task begins."""

    def on_fit_task_end(self, estimator, context, *, metadata=None, fitted_estimator=None):
        self.ended.append((context.task_name, context.max_subtasks, metadata, fitted_estimator))
        return context.task_name == "epoch" and len(self.ended) == self.stop_after


@needs_callbacks
@BOTH
def test_each_pass_is_a_task_with_an_estimator_that_predicts(digits, Classifier):
    X, y = digits[0][:300], digits[1][:300]
    tasks = Tasks()
    model = quick(Classifier, dropout=0.1, max_epochs=3)
    model.set_callbacks(tasks).fit(X, y)
    assert [(name, subtasks) for name, subtasks, *_ in tasks.ended] == [
        *[("epoch", 0)] * 3,
        ("fit", 3),
    ]
    assert [row["train_loss"] for _, _, row, _ in tasks.ended[:3]] == model.loss_curve_
    predicted = [estimator.predict_proba(X) for *_, estimator in tasks.ended]
    assert not np.array_equal(predicted[0], predicted[1])
    np.testing.assert_array_equal(predicted[2], model.predict_proba(X))
    np.testing.assert_array_equal(predicted[3], model.predict_proba(X))
    plain = quick(Classifier, dropout=0.1, max_epochs=3).fit(X, y)
    np.testing.assert_array_equal(plain.predict_proba(X), model.predict_proba(X))


@needs_callbacks
def test_a_callback_may_stop_the_fit(digits):
    model = quick(DenseDigitClassifier, max_epochs=9).set_callbacks(Tasks(stop_after=4))
    assert model.fit(*digits).n_iter_ == 4


@needs_callbacks
def test_the_progress_bar_moves_by_passes_inside_a_search(digits, capsys):
    from sklearn.callback import ProgressBar

    moved = []

    class Watched(ProgressBar):
        def on_fit_task_end(self, estimator, context):
            moved.append((context.task_name, context.parent and context.parent.max_subtasks))
            super().on_fit_task_end(estimator, context)

    search = GridSearchCV(quick(DenseDigitClassifier, max_epochs=3), {"lr": [0.001, 0.004]}, cv=2)
    search.set_callbacks(Watched(max_propagation_depth=None)).fit(*digits)
    assert moved.count(("epoch", 3)) == (2 * 2 + 1) * 3
    assert capsys.readouterr().out.count("DenseDigitClassifier - fit") == 2 * 2 + 1


def test_a_loss_that_is_no_number_ends_the_fit_with_the_last_good_weights(digits):
    X, y = digits
    model = quick(DenseDigitClassifier, lr=1e38, lr_schedule="constant", optimizer="sgd")
    with pytest.raises(
        ValueError, match=r"no finite number in epoch 1 with lr=1e\+38: set a small"
    ):
        model.fit(X, y)
    untrained = quick(DenseDigitClassifier, lr=1e-30, max_epochs=1, lr_schedule="constant")
    np.testing.assert_allclose(
        model.predict_proba(X), untrained.fit(X, y).predict_proba(X), atol=1e-5
    )
    assert model.n_iter_ == 0
    assert all(parameter.isfinite().all() for parameter in model.module_.parameters())


def test_a_later_loss_that_is_no_number_keeps_the_pass_before(digits):
    X, y = digits
    settings = {"lr_schedule": "constant", "warm_start": True, "max_epochs": 2}
    model = quick(DenseDigitClassifier, **settings).fit(X, y)
    before = model.predict_proba(X)
    model.set_params(lr=1e38)
    with pytest.raises(ValueError, match="no finite number in epoch"):
        model.fit(X, y)
    np.testing.assert_array_equal(model.predict_proba(X), before)
    assert model.n_iter_ == 2
    assert torch.is_grad_enabled()
