"""Novelty: the prototypes of the classes, the distance to them, and the class of non-digits."""

import math

import numpy as np
import pytest
import torch
from helpers import BOTH, quick
from numpy.testing import assert_allclose, assert_array_equal

from sklearn_lenet import DenseDigitClassifier, load_model, save_model
from sklearn_lenet.training._novelty import novelty, prototypes_of, threshold_of


def test_prototypes_are_the_mean_directions_of_groups():
    angles = torch.tensor([0.0, 0.1, 1.0, 1.1, 3.0])
    features = torch.stack([angles.cos(), angles.sin()], dim=1) * torch.tensor([[2.0]])
    codes = torch.tensor([0, 0, 0, 0, 1])
    prototypes = prototypes_of(features, codes, 2)
    assert len(prototypes) == 5  # each row is one, because there are few
    many = prototypes_of(features.repeat(5, 1), codes.repeat(5), 2)
    assert_allclose(many.norm(dim=1), 1, rtol=1e-6)
    found = torch.atan2(many[:, 1], many[:, 0])
    assert ((found[:, None] - angles).abs().amin(dim=1) < 0.11).all()


def test_a_class_without_rows_has_no_prototypes():
    assert_array_equal(prototypes_of(torch.eye(2), torch.tensor([0, 2]), 3), torch.eye(2))


def test_the_class_of_non_digits_has_no_prototypes():
    features = torch.eye(3)
    prototypes = prototypes_of(features, torch.tensor([0, 1, 2]), 3, non_digit=0)
    assert_array_equal(prototypes, features[1:])


def test_the_logit_of_non_digits_counts():
    features, prototypes = torch.tensor([[1.0, 0.0]] * 2), torch.tensor([[1.0, 0.0]])
    logits = torch.tensor([[-5.0, 1.0, 5.0], [9.0, 1.0, 5.0]])
    scores = novelty(features, logits, prototypes, non_digit=0)
    assert_allclose(scores, [0.015 * -10, 0.015 * 4], rtol=1e-6)


def test_without_prototypes_all_rows_are_equally_strange():
    features, logits = torch.eye(3), torch.zeros(3, 2)
    assert_array_equal(novelty(features, logits, torch.empty(0, 3)), torch.ones(3))


def test_the_threshold_is_exceeded_by_a_hundredth():
    assert threshold_of(torch.arange(101.0)) == pytest.approx(99)
    assert threshold_of(torch.empty(0)) == math.inf


@BOTH
def test_mixed_pixels_are_stranger_than_digits(Classifier, digits, tmp_path):
    X, y = digits
    model = Classifier(max_epochs=20, random_state=0).fit(X[:1200], y[:1200])
    known = model.novelty_score(X[1200:])
    mixed = np.random.default_rng(0).permuted(X[1200:], axis=1)
    strange = model.novelty_score(mixed)
    assert known.dtype == np.float32
    assert (known > model.novelty_threshold_).mean() < 0.02
    assert np.median(strange) > 4 * np.median(known)
    rank = np.searchsorted(np.sort(known), strange).mean() / len(known)
    assert rank > 0.95  # the area under the ROC curve
    save_model(model, tmp_path / "model.lenet")
    again = load_model(tmp_path / "model.lenet")
    assert_array_equal(again.novelty_score(mixed), strange)
    assert again.novelty_threshold_ == model.novelty_threshold_


@BOTH
def test_the_features_are_the_inputs_of_the_last_layer(Classifier, digits):
    X, y = digits[0][:200], digits[1][:200]
    model = quick(Classifier).fit(X, y)
    inputs = []
    hook = model.module_.output.register_forward_pre_hook(lambda _, x: inputs.append(x[0]))
    standardised = (model._arrange(X.astype(np.float32)) - model.pixel_scale_.mean) / (
        model.pixel_scale_.deviation
    )
    with torch.no_grad():
        model.module_(torch.as_tensor(standardised, dtype=torch.float32))
    hook.remove()
    features = inputs[0].numpy()
    features /= np.linalg.norm(features, axis=1, keepdims=True)
    expected = 1 - (features @ model.prototypes_.T).max(axis=1)
    assert_allclose(model.novelty_score(X), expected, atol=1e-5)


def test_two_classes_one_of_which_is_minus_1():
    X = np.random.default_rng(0).normal(size=(20, 4))
    model = quick().fit(X, np.where(X[:, 0] > 0, 1, -1))
    assert len(model.prototypes_) <= 10
    assert np.isfinite(model.novelty_score(X)).all()
    assert np.isfinite(quick().fit(X, [-1] * 20).novelty_score(X)).all()


def test_no_row_of_a_digit_counts():
    X = np.random.default_rng(0).normal(size=(20, 4))
    y = np.where(X[:, 0] > 0, 1, -1)
    model = quick(class_weight={1: 0}).fit(X, y)
    assert len(model.prototypes_) == 0
    assert model.novelty_threshold_ == math.inf
    assert np.isfinite(model.novelty_score(X)).all()


def test_a_rare_class_among_many_rows_has_prototypes(monkeypatch):
    monkeypatch.setattr("sklearn_lenet.training._calibration.MOST_ROWS", 100)
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1, 2], [498, 499, 3])
    X = rng.normal(size=(1000, 4)) + 3 * np.eye(4)[y]
    for seed in range(3):
        model = quick(DenseDigitClassifier, random_state=seed).fit(X, y)
        assert len(model.prototypes_) == 23


def test_rows_that_are_no_images_have_a_threshold_only_with_validation_rows(tmp_path):
    X = np.random.default_rng(0).normal(size=(100, 49))
    y = (X[:, 0] > 0).astype(int)
    model = quick().fit(X, y)
    assert model.novelty_threshold_ == math.inf
    save_model(model, tmp_path / "model.lenet")
    assert load_model(tmp_path / "model.lenet").novelty_threshold_ == math.inf
    assert quick().fit(X[:50], y[:50], X_val=X[50:], y_val=y[50:]).novelty_threshold_ < 2


@BOTH
def test_partial_fit_has_no_novelty(Classifier, digits):
    X, y = digits[0][:50], digits[1][:50]
    model = quick(Classifier).fit(X, y).partial_fit(X, y)
    with pytest.raises(ValueError, match=r"has no prototypes, because partial_fit, .*: call fit"):
        model.novelty_score(X)
