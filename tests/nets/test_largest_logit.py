"""No input gives a larger logit than the bound."""

import math

import pytest
import torch

from sklearn_lenet.nets import ACTIVATIONS, DenseNet, LeNet5, largest_logit, new_module


@pytest.mark.parametrize("pooling", ["max", "avg"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_no_input_exceeds_the_bound(activation, pooling):
    generator = torch.Generator().manual_seed(0)
    net = new_module(lambda: LeNet5(activation=activation, pooling=pooling), seed=0)
    bound = largest_logit(net, 3.0)
    for _ in range(20):
        fields = torch.randn(4, 1, 32, 32, generator=generator).sign() * 3.0
        assert net(fields).abs().max() <= bound


def test_the_bound_is_reached_by_a_net_that_adds_up():
    net = new_module(lambda: DenseNet(4, 1, hidden_layer_sizes=(2,)), seed=0)
    with torch.no_grad():
        for weight in net.parameters():
            weight.fill_(0.5)
    assert largest_logit(net, 8.0) == (0.5 * 4 * 8 + 0.5) * 2 * 0.5 + 0.5
    assert net(torch.full((1, 4), 8.0)).item() == largest_logit(net, 8.0)


@pytest.mark.parametrize("value", [math.nan, math.inf, 1e39])
@pytest.mark.parametrize("name", ["hidden1.weight", "hidden2.bias", "output.weight"])
@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_there_is_no_bound_with_a_bad_weight(name, value, activation):
    net = DenseNet(4, 3, hidden_layer_sizes=(2, 2), activation=activation).double()
    net.get_parameter(name).data.flatten()[0] = value
    assert not largest_logit(net, 8.0) < 1e36
