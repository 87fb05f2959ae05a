"""Copies and moving averages of the weights of a module."""

import pytest
import torch

from sklearn_lenet.training._weight_averaging import (
    WeightAverage,
    copy_weights,
    restore_weights,
)


def module_with(value):
    module = torch.nn.Linear(1, 1, bias=False)
    torch.nn.init.constant_(module.weight, value)
    return module


def test_a_copy_is_independent_and_can_be_restored():
    module = module_with(1.0)
    weights = copy_weights(module)
    torch.nn.init.constant_(module.weight, 5.0)
    assert weights[0].item() == 1.0
    restore_weights(module, weights)
    assert module.weight.item() == 1.0


def test_the_average_by_hand():
    module = module_with(0.0)
    average = WeightAverage(module)
    torch.nn.init.constant_(module.weight, 1.0)
    expected = 0.0
    for step in (1, 2, 3):
        average.update()
        decay = step / (step + 10) * (1 - 1 / 500)
        expected = decay * expected + (1 - decay) * 1.0
    with average.applied():
        assert module.weight.item() == pytest.approx(expected)
    assert module.weight.item() == 1.0
    average.apply()
    assert module.weight.item() == pytest.approx(expected)
