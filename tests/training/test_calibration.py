"""The temperature of probabilities: the best one, and the rows that it is fitted on."""

import numpy as np
import pytest
import torch
from helpers import BOTH
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from sklearn.metrics import log_loss

from sklearn_lenet import DenseDigitClassifier, LeNet5Classifier
from sklearn_lenet.training._calibration import Outputs, best_temperature, new_displacement

MANY_HELD_BACK = {"early_stopping": True, "validation_fraction": 0.3}


def some_logits(n=200, n_classes=4, seed=0):
    rng = np.random.default_rng(seed)
    codes = rng.integers(n_classes, size=n)
    logits = rng.normal(size=(n, n_classes))
    logits[np.arange(n), codes] += 1.5
    return logits, codes, rng.integers(1, 4, n).astype(float)


def temperature(logits, codes, weights=None, **settings):
    weights = np.ones(len(codes)) if weights is None else weights
    tensors = (torch.as_tensor(np.asarray(array)) for array in (logits, codes, weights))
    return best_temperature(Outputs(torch.empty(0), *tensors), **settings)


def test_it_is_the_minimum_of_the_weighted_log_loss():
    logits, codes, weights = some_logits()

    def loss(log_t):
        logs = log_softmax(logits / np.exp(log_t), axis=1)
        one_more = logs.mean(axis=1) / len(codes)  # one row with any label, shared by all rows
        return -weights @ (logs[np.arange(len(codes)), codes] + one_more)

    best = minimize_scalar(loss, bounds=(-2, 2), method="bounded", options={"xatol": 1e-9})
    assert temperature(logits, codes, weights) == pytest.approx(np.exp(best.x), rel=1e-5)


def test_a_row_of_weight_2_equals_two_rows():
    logits, codes, weights = some_logits()
    repeated = np.repeat(np.arange(len(codes)), weights.astype(int))
    assert temperature(logits, codes, weights, n_more=0) == pytest.approx(
        temperature(logits[repeated], codes[repeated], n_more=0), rel=1e-9
    )


def test_logits_that_are_too_large_by_a_factor_get_that_temperature():
    logits, codes, weights = some_logits()
    own = temperature(logits, codes, weights)
    assert temperature(3 * logits, codes, weights) == pytest.approx(3 * own)


@pytest.mark.parametrize("n", [1, 10, 1000])
def test_rows_that_are_all_right_leave_room_for_one_error(n):
    # n rows are right, and the one row more is right to a half: that is their confidence.
    t = temperature(np.tile([3.0, 0.0], (n, 1)), np.zeros(n, int))
    assert 1 / (1 + np.exp(-3 / t)) == pytest.approx((n + 0.5) / (n + 1))


def test_it_is_bounded():
    logits = np.array([[1e30, 0.0], [1e30, 0.0]])
    assert temperature(logits, [1, 1]) == 10
    assert temperature(logits / 1e33, [0, 0]) == 0.1
    assert temperature(np.zeros((3, 2)), [0, 0, 0]) == 1
    assert temperature(np.ones((3, 1)), [0, 0, 0]) == 1


@pytest.mark.parametrize("augmented", [True, False])
def test_few_rows_are_distorted_most(augmented):
    sizes = [new_displacement(n, augmented=augmented) for n in (10, 100, 1000, 60_000, 10**7)]
    assert sizes == sorted(sizes, reverse=True)
    last = [0.0525, 0.035] if augmented else [0.05, 0.05]
    assert sizes[3:] == pytest.approx(last)


@BOTH
@pytest.mark.parametrize("n_rows", [100, 300])
def test_few_rows_without_augmentation_gain(Classifier, n_rows, digits):
    X, y = digits
    losses = {True: 0, False: 0}
    for seed in range(3):
        rows = np.random.default_rng(seed).permutation(len(X))
        train, test = rows[:n_rows], rows[-600:]
        for calibrate in losses:
            model = Classifier(augment=None, calibrate=calibrate, random_state=seed)
            found = model.fit(X[train], y[train]).predict_proba(X[test])
            losses[calibrate] += log_loss(y[test], found, labels=model.classes_)
    assert losses[True] < losses[False]


@pytest.mark.parametrize("n_rows", [50, 63])
def test_rows_of_fewer_than_64_pixels_are_no_images(n_rows):
    # They are laid on a square of 8x8, but it is not full.
    X = np.random.default_rng(0).normal(size=(40, n_rows))
    model = DenseDigitClassifier(augment="auto", random_state=0).fit(X, X[:, 0] > 0)
    assert model.image_shape_ == (8, 8)
    assert model.temperature_ >= 1
    assert model.n_iter_ == 60  # the most epochs without augmentation


def test_ctrl_c_during_the_calibration_keeps_the_net(digits, monkeypatch):
    def interrupted(*args, **settings):
        raise KeyboardInterrupt

    X, y = digits[0][:100], digits[1][:100]
    model = LeNet5Classifier(max_epochs=3, random_state=0)
    whole = LeNet5Classifier(max_epochs=3, random_state=0).fit(X, y)
    monkeypatch.setattr("sklearn_lenet.estimators._net_trainer.calibration", interrupted)
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, y)
    assert_array_equal(model.predict(X), whole.predict(X))
    assert (model.n_iter_, model.temperature_) == (3, 1)


def test_a_pickle_without_the_parameter_still_works(digits):
    X, y = digits[0][:50], digits[1][:50]
    model = LeNet5Classifier(max_epochs=1, random_state=0).fit(X, y)
    state = model.__getstate__()
    del state["calibrate"], state["temperature_"]
    old = LeNet5Classifier.__new__(LeNet5Classifier)
    old.__setstate__(state)
    assert (old.temperature_, old.get_params()["calibrate"]) == (1, True)
    assert_array_equal(old.predict(X), model.predict(X))


@BOTH
@pytest.mark.parametrize("fit", [{}, MANY_HELD_BACK, {"label_smoothing": 0.3}])
def test_probabilities_are_better_and_predictions_the_same(Classifier, fit, digits):
    X, y = digits
    settings = {"max_epochs": 20, "random_state": 0} | fit
    model = Classifier(**settings).fit(X[:900], y[:900])
    raw = Classifier(**settings, calibrate=False).fit(X[:900], y[:900])
    X, y = X[900:], y[900:]
    assert raw.temperature_ == 1 != model.temperature_
    assert log_loss(y, model.predict_proba(X)) < log_loss(y, raw.predict_proba(X)) + 0.002
    assert_array_equal(model.predict(X), raw.predict(X))
    assert_allclose(
        model.decision_function(X) * model.temperature_, raw.decision_function(X), rtol=1e-6
    )
    assert_allclose(np.exp(model.predict_log_proba(X)), model.predict_proba(X), atol=1e-6)


@BOTH
def test_rows_that_are_no_images_make_a_net_only_less_certain(Classifier):
    X = np.random.default_rng(0).normal(size=(40, 5))
    model = Classifier(max_epochs=30, random_state=0).fit(X, X[:, 0] > 0)
    assert model.temperature_ == 1
    noise = Classifier(max_epochs=300, label_smoothing=0.0, random_state=0)
    X = np.repeat(X[:4], 10, axis=0)
    assert noise.fit(X, np.arange(40) % 10 < 3).temperature_ >= 1


@BOTH
def test_partial_fit_has_temperature_1(Classifier, digits):
    X, y = digits
    model = Classifier(max_epochs=2, random_state=0).fit(X[:300], y[:300])
    assert model.temperature_ != 1
    assert model.partial_fit(X[:300], y[:300]).temperature_ == 1


@pytest.mark.parametrize("y", [[0, 1] * 10, [0] * 20, [0] * 19 + [1], list("abcde") * 4])
def test_few_classes_and_few_rows(y):
    X = np.random.default_rng(0).integers(0, 255, (20, 64))
    model = LeNet5Classifier(max_epochs=2, random_state=0).fit(X, y)
    assert 0.1 <= model.temperature_ <= 10
    assert_allclose(model.predict_proba(X).sum(axis=1), 1, atol=1e-7)


def test_weights_count(digits):
    X, y = digits
    wrong = y.copy()
    wrong[:450] = (y[:450] + 1) % 10
    weights = np.where(np.arange(900) < 450, 1e-6, 1)
    settings = {"max_epochs": 20, "random_state": 0, "hidden_layer_sizes": 64}
    trusted = DenseDigitClassifier(**settings).fit(X[:900], wrong[:900], sample_weight=weights)
    assert (
        trusted.temperature_
        < DenseDigitClassifier(**settings).fit(X[:900], wrong[:900]).temperature_
    )
