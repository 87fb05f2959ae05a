"""A loss that became NaN or infinite ends the fit with the last finite weights."""

import numpy as np
import pytest
import torch
from helpers import quick

from sklearn_lenet import DenseDigitClassifier


def test_a_diverged_fit_keeps_the_last_finite_weights(digits):
    X, y = digits
    model = quick(DenseDigitClassifier, lr=1e38, lr_schedule="constant", optimizer="sgd")
    with pytest.raises(
        ValueError,
        match=r"became NaN, infinite or too large in epoch 1 with lr=1e\+38: use a small",
    ):
        model.fit(X, y)
    untrained = quick(DenseDigitClassifier, lr=1e-30, max_epochs=1, lr_schedule="constant")
    np.testing.assert_allclose(
        model.predict_proba(X), untrained.fit(X, y).predict_proba(X), atol=1e-5
    )
    assert model.n_iter_ == 0
    assert all(parameter.isfinite().all() for parameter in model.module_.parameters())


def test_a_later_divergence_keeps_the_epoch_before(digits):
    X, y = digits
    settings = {"lr_schedule": "constant", "warm_start": True, "max_epochs": 2}
    model = quick(DenseDigitClassifier, **settings).fit(X, y)
    before = model.predict_proba(X)
    model.set_params(lr=1e38)
    with pytest.raises(ValueError, match="became NaN, infinite or too large in epoch"):
        model.fit(X, y)
    np.testing.assert_array_equal(model.predict_proba(X), before)
    assert model.n_iter_ == 0
    assert torch.is_grad_enabled()
