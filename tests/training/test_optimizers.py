"""Optimisers by name or class, and how the rate runs."""

import pytest
import torch
from helpers import quick

from sklearn_lenet import DenseDigitClassifier
from sklearn_lenet.training._optimizers import OPTIMIZERS, Adam, optimizer_settings
from sklearn_lenet.training._schedules import SCHEDULES

CPU = torch.device("cpu")


def test_the_fused_form_is_used_where_torch_has_it():
    for name in OPTIMIZERS:
        _, settings = optimizer_settings(name, 0.0, CPU)
        assert settings.get("fused", False) == (name in ("adagrad", "adam", "adamw", "sgd"))
        assert settings["weight_decay"] == 0.0
    assert "fused" not in optimizer_settings("adam", 0.0, torch.device("meta"))[1]
    assert optimizer_settings(torch.optim.Adam, 0.0, CPU)[1]["fused"]


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("optimizer", [*OPTIMIZERS, torch.optim.Adamax])
def test_every_optimizer_learns_under_every_schedule(digits, optimizer, schedule):
    X, y = digits
    lr = {"adagrad": 0.02, "sgd": 0.05}.get(optimizer, 0.002)
    settings = {"optimizer": optimizer, "lr_schedule": schedule, "lr": lr, "max_epochs": 15}
    model = quick(DenseDigitClassifier, **settings).fit(X[:1000], y[:1000])
    assert model.score(X[1000:], y[1000:]) > 0.85


def test_decay_shrinks_the_weights(digits):
    X, y = digits[0][:500], digits[1][:500]
    norms = [
        quick(DenseDigitClassifier, weight_decay=decay, optimizer="adamw", max_epochs=10)
        .fit(X, y)
        .module_.hidden1.weight.norm()
        for decay in (0.0, 5.0)
    ]
    assert norms[1] < 0.9 * norms[0]


@pytest.mark.parametrize("fused", [False, True])
def test_adam_gives_the_steps_of_torchs_adam(fused):
    ways = []
    for adam in (Adam, torch.optim.Adam):
        weight = torch.nn.Parameter(torch.tensor([1.0, -2.0, 3.0]))
        optimizer = adam([weight], lr=0.1, weight_decay=0.01, fused=fused)
        for step in range(5):
            weight.grad = weight.detach() ** 2 + step
            optimizer.step()
        assert weight.grad_fn is None
        ways.append((weight.detach(), optimizer.state_dict()["state"][0]))
    (ours, state), (torchs, torchs_state) = ways
    torch.testing.assert_close(ours, torchs, rtol=0, atol=0)
    torch.testing.assert_close(state, torchs_state, rtol=0, atol=0)


class Bare(torch.optim.Optimizer):
    """The least that torch asks of an optimizer: plain descent."""

    def __init__(self, params, lr):
        super().__init__(params, {"lr": lr})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for parameter in group["params"]:
                parameter -= group["lr"] * parameter.grad


def test_an_optimizer_class_of_the_user(digits):
    X, y = digits[0][:200], digits[1][:200]
    settings = {"lr": 0.1, "max_epochs": 1, "batch_size": 200, "lr_schedule": "constant"}
    ours = quick(DenseDigitClassifier, optimizer=Bare, **settings).fit(X, y)
    torchs = quick(DenseDigitClassifier, optimizer=torch.optim.Rprop, **settings).fit(X, y)
    assert ours.loss_curve_ == torchs.loss_curve_  # one step on, the same beginning
    with pytest.raises(
        ValueError, match=r"weight_decay=0.1 is not supported by optimizer=Bare: use weight_decay=0"
    ):
        quick(optimizer=Bare, weight_decay=0.1).fit(X, y)
    with pytest.raises(TypeError, match="optimizer=dict is not a torch optimizer: use a subclass"):
        quick(optimizer=dict).fit(X, y)
