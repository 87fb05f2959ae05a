"""The learning rate at each step of a schedule."""

import math

import pytest
import torch

from sklearn_lenet.training._schedules import start_schedule


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


def test_a_constant_rate():
    assert rates("constant", 5) == [0.1] * 5


def test_cosine_falls_to_zero():
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


def test_each_fit_begins_with_the_optimizers_own_settings():
    optimizer = torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    start_schedule("one-cycle", optimizer, 0.1, 10)
    assert optimizer.param_groups[0]["betas"][0] == 0.95
    start_schedule("constant", optimizer, 0.2, 10)
    assert optimizer.param_groups[0]["betas"] == (0.9, 0.999)
    assert optimizer.param_groups[0]["lr"] == 0.2
