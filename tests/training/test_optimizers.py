"""Optimisers by name or class, and how the rate runs."""

import math

import pytest
import torch
from helpers import quick

from sklearn_lenet import DenseDigitClassifier
from sklearn_lenet.training._optimizers import OPTIMIZERS, Adam, optimizer_settings
from sklearn_lenet.training._schedules import SCHEDULES, start_schedule

CPU = torch.device("cpu")


def rates(name, steps, lr=0.1):
    """Return the rate of every step of a run."""
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.Adam([parameter], lr=1.0)
    schedule = start_schedule(name, optimizer, lr, steps)
    seen = []
    for _ in range(steps):
        seen.append(optimizer.param_groups[0]["lr"])
        parameter.grad = torch.ones(1)
        optimizer.step()
        if schedule is not None:
            schedule.step()
    return seen


def test_constant():
    assert rates("constant", 5) == [0.1] * 5


def test_cosine_falls_from_the_rate_to_nothing():
    expected = [0.1 * (1 + math.cos(math.pi * step / 20)) / 2 for step in range(20)]
    assert rates("cosine", 20) == pytest.approx(expected)


def test_one_cycle_rises_and_falls_once():
    seen = rates("one-cycle", 100)
    peak = seen.index(max(seen))
    assert 25 < peak < 35
    assert seen[0] == pytest.approx(0.1 / 25)
    assert max(seen) == pytest.approx(0.1, rel=1e-3)
    assert seen[-1] < 1e-3
    assert seen[:peak] == sorted(seen[:peak])
    assert seen[peak:] == sorted(seen[peak:], reverse=True)


def test_a_run_begins_with_the_optimisers_own_settings():
    optimizer = torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    start_schedule("one-cycle", optimizer, 0.1, 10)
    assert optimizer.param_groups[0]["betas"][0] == 0.95
    start_schedule("constant", optimizer, 0.2, 10)
    assert optimizer.param_groups[0]["betas"] == (0.9, 0.999)
    assert optimizer.param_groups[0]["lr"] == 0.2


def test_fused_where_torch_has_it():
    for name in OPTIMIZERS:
        _, settings = optimizer_settings(name, 0.0, CPU)
        assert settings.get("fused", False) == (name in ("adagrad", "adam", "adamw", "sgd"))
        assert settings["weight_decay"] == 0.0
    assert "fused" not in optimizer_settings("adam", 0.0, torch.device("meta"))[1]
    assert optimizer_settings(torch.optim.Adam, 0.0, CPU)[1]["fused"]


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("optimizer", [*OPTIMIZERS, torch.optim.Adamax])
def test_every_optimiser_learns_under_every_schedule(digits, optimizer, schedule):
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
def test_adam_is_torchs(fused):
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
    """The least that torch asks of an optimiser: plain descent."""

    def __init__(self, params, lr):
        super().__init__(params, {"lr": lr})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for parameter in group["params"]:
                parameter -= group["lr"] * parameter.grad


def test_a_class_of_ones_own(digits):
    X, y = digits[0][:200], digits[1][:200]
    settings = {"lr": 0.1, "max_epochs": 1, "batch_size": 200, "lr_schedule": "constant"}
    ours = quick(DenseDigitClassifier, optimizer=Bare, **settings).fit(X, y)
    torchs = quick(DenseDigitClassifier, optimizer=torch.optim.Rprop, **settings).fit(X, y)
    assert ours.loss_curve_ == torchs.loss_curve_  # one step on, the same beginning
    with pytest.raises(ValueError, match=r"weight_decay=0.1 came with optimizer=Bare, .* none"):
        quick(optimizer=Bare, weight_decay=0.1).fit(X, y)
    with pytest.raises(TypeError, match="optimizer=dict is no torch optimiser: use a subclass"):
        quick(optimizer=dict).fit(X, y)
