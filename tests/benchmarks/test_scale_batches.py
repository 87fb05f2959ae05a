"""Larger batches are compared on held-out training rows, with the rate of each rule."""

import _scale_batches
import numpy as np
import pytest
from _scale_parts import QUICK
from comparison import rows


@pytest.fixture
def fits(monkeypatch):
    """The settings of each fit; the accuracy of a fit is its rate."""
    made = []

    class Net:
        def __init__(self, **settings):
            made.append(settings)
            self.lr = settings["lr"]

        def fit(self, X, y):
            known = rows.bundled()
            assert len(X) == 500
            assert not (X[:, None] == known.X_test[None, :5]).all(axis=2).any()
            return self

        def score(self, X, y):
            assert len(X) == 100
            return self.lr

    monkeypatch.setattr(_scale_batches, "LeNet5Classifier", Net)
    return made


def test_each_rate_is_fitted_once_for_each_seed(fits):
    size = QUICK._replace(shares=(1, 4, 16), batch_seeds=(0, 1))
    result = _scale_batches.batch(size)
    tried = {(one["batch_size"], round(one["lr"], 6)) for one in fits}
    assert tried == {
        (128, 0.006),
        *((512, lr) for lr in (0.006, 0.012, 0.024)),
        *((2048, lr) for lr in (0.006, 0.024)),
    }
    assert len(fits) == 2 * len(tried)
    assert {one["random_state"] for one in fits} == {0, 1}
    assert len(result["runs"]) == 9
    assert result["best"] == "rate times k, at most 4"
    assert result["held_out"] == 100


def test_the_table_has_a_row_for_each_rule(fits):
    lines = _scale_batches.table(_scale_batches.batch(QUICK))
    assert lines[0] == "| rows in a batch | 128 | 512 |"
    assert lines[2] == "| the same rate | 0.60 | 0.60 |"
    assert lines[3] == "| rate times root of k | 0.60 | 1.20 |"
    assert lines[4] == "| rate times k, at most 4 | 0.60 | 2.40 |"


def test_rules_agree_for_one_worker():
    np.testing.assert_allclose([rule(1) for rule in _scale_batches.RULES.values()], 0.006)
