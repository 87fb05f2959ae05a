"""Probabilities are the softmax, and their rows sum to 1 as scikit-learn's metrics require."""

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from sklearn_lenet.training import probabilities

TOLERANCE = 1e-8 + np.sqrt(np.finfo(np.float64).eps)
"""What `sklearn.metrics.log_loss` allows for the sum of a row in float64."""


@given(
    arrays(
        np.float32,
        array_shapes(min_dims=2, max_dims=2, max_side=12),
        elements=st.floats(-60, 60, width=32),
    )
)
@settings(deadline=None, derandomize=True)
def test_any_logits(logits):
    found = probabilities(torch.from_numpy(logits))
    assert found.dtype == np.float32
    exact = np.exp(logits.astype(np.float64) - logits.max(axis=1, keepdims=True))
    exact /= exact.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found, exact, rtol=1e-7, atol=1.5e-7)
    assert (found >= 0).all()
    assert (np.abs(found.sum(axis=1, dtype=np.float64) - 1) < TOLERANCE + 1e-8).all()


def test_the_rows_of_usual_nets_sum_to_1_closely_enough():
    rng = np.random.default_rng(0)
    for spread in (0.1, 1, 3, 6, 10, 30):
        logits = torch.from_numpy(rng.normal(0, spread, (20_000, 10)).astype(np.float32))
        sums = probabilities(logits).sum(axis=1, dtype=np.float64)
        assert np.abs(sums - 1).max() < TOLERANCE, spread
