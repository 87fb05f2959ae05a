"""DenseNet by hand, of any depth."""

import pytest
import torch

from sklearn_lenet.nets._dense_net import DenseNet


def test_parameters_are_named_after_the_layers():
    dense = DenseNet(4, hidden_layer_sizes=(3, 2)).state_dict()
    assert [key for key in dense if key.endswith("weight")] == [
        "hidden1.weight",
        "hidden2.weight",
        "output.weight",
    ]


def test_dense_net_by_hand():
    net = DenseNet(2, 2, hidden_layer_sizes=(1,))
    with torch.no_grad():
        net.hidden1.weight.copy_(torch.tensor([[1.0, -1.0]]))
        net.hidden1.bias.fill_(0.5)
        net.output.weight.copy_(torch.tensor([[2.0], [-1.0]]))
        net.output.bias.zero_()
    # relu(3 - 1 + .5) = 2.5, relu(1 - 3 + .5) = 0
    assert net(torch.tensor([[3.0, 1.0], [1.0, 3.0]])).tolist() == [[5.0, -2.5], [0.0, 0.0]]


@pytest.mark.parametrize("depth", [0, 1, 5])
def test_dense_net_of_any_depth(depth):
    net = DenseNet(7, 3, hidden_layer_sizes=(4,) * depth)
    assert (
        len([layer for layer in net.children() if isinstance(layer, torch.nn.Linear)]) == depth + 1
    )
    assert net(torch.zeros(2, 7)).shape == (2, 3)
