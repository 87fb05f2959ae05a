"""The training loop: every row once per epoch, and Ctrl-C."""

import numpy as np
import pytest
import torch
from helpers import BOTH, quick
from numpy.testing import assert_array_equal
from sklearn.model_selection import GridSearchCV

from sklearn_lenet.training._batches import Rows
from sklearn_lenet.training._loss import WeightedCrossEntropy


@BOTH
def test_every_row_is_trained_on_once_per_epoch(digits, monkeypatch, Classifier):
    seen = []
    in_the_loss = 0
    take, of_batch = Rows.take, WeightedCrossEntropy.with_gradient

    def count(criterion, logits, targets):
        nonlocal in_the_loss
        in_the_loss += len(logits)
        return of_batch(criterion, logits, targets)

    monkeypatch.setattr(Rows, "take", lambda rows, index: seen.append(index) or take(rows, index))
    monkeypatch.setattr(WeightedCrossEntropy, "with_gradient", count)
    model = quick(Classifier, max_epochs=3).fit(*digits)
    order = torch.cat(seen)[: 3 * len(digits[0])].reshape(3, -1)  # then comes the calibration
    assert in_the_loss == 3 * len(digits[0])
    for one_pass in order:
        assert_array_equal(one_pass.sort().values, np.arange(len(digits[0])))
    assert not torch.equal(order[0], order[1])
    assert model.n_iter_ == len(model.loss_curve_) == 3


@pytest.mark.parametrize("batches", [0, 15])  # in the first pass, and in the second
def test_ctrl_c_is_raised_again_and_keeps_the_weights(digits, monkeypatch, batches):
    X, y = digits[0][:640], digits[1][:640]
    settings = {"lr_schedule": "constant", "batch_size": 64}
    whole = quick(max_epochs=1, **settings).fit(X, y)
    taken = []
    take = Rows.take

    def interrupt(rows, index):
        if len(taken) == batches:
            raise KeyboardInterrupt
        taken.append(index)
        return take(rows, index)

    monkeypatch.setattr(Rows, "take", interrupt)
    model = quick(max_epochs=5, **settings)
    with pytest.raises(KeyboardInterrupt):
        GridSearchCV(model, {"lr": [0.008]}, cv=[(np.arange(640), np.arange(9))]).fit(X, y)
    taken.clear()
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, y)
    assert model.n_iter_ == batches // 10
    assert model.predict(X).shape == (640,)
    assert not hasattr(model.net_, "optimizer_") or model.net_.optimizer_ is None
    if batches:
        assert model.loss_curve_ == whole.loss_curve_
