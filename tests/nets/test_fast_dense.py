"""FastDenseLayer by hand, and with dropout."""

import torch

from sklearn_lenet.nets._dropout import Dropout
from sklearn_lenet.nets._fast_activations import FAST_ACTIVATIONS
from sklearn_lenet.nets._fast_dense import FastDenseLayer


def layer_of(weight, bias):
    layer = torch.nn.Linear(2, 2)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(weight))
        layer.bias.copy_(torch.tensor(bias))
    return layer


@torch.no_grad()
def test_a_layer_by_hand():
    layer = layer_of([[1.0, -1.0], [2.0, 0.0]], [0.5, -1.0])
    fast = FastDenseLayer(layer, torch.float32, FAST_ACTIVATIONS["relu"], Dropout(0.0))
    # relu(3 - 1 + 0.5) and relu(6 - 1); relu(0 - 4 + 0.5) and relu(0 - 1)
    assert fast.forward(torch.tensor([[3.0, 1.0], [0.0, 4.0]])).tolist() == [[2.5, 5.0], [0.0, 0.0]]
    gradient = fast.backward(torch.tensor([[1.0, 2.0], [10.0, 10.0]]))
    assert gradient.tolist() == [[1.0, 2.0], [0.0, 0.0]]  # relu stops the second row
    assert layer.weight.grad.tolist() == [[3.0, 1.0], [6.0, 2.0]]
    assert layer.bias.grad.tolist() == [1.0, 2.0]


@torch.no_grad()
def test_what_dropout_drops_has_no_gradient():
    layer = layer_of([[1.0, 0.0], [0.0, 1.0]], [0.0, 0.0])
    dropout = Dropout(0.5)
    dropout.generator = torch.Generator().manual_seed(0)
    fast = FastDenseLayer(layer, torch.float32, FAST_ACTIVATIONS["relu"], dropout)
    outputs = fast.forward(torch.ones(50, 2))
    assert outputs.unique().tolist() == [0.0, 2.0]
    assert torch.equal(fast.backward(torch.ones(50, 2)), outputs)
