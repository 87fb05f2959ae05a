"""The networks: shapes and parameter counts of the published tables, arithmetic by hand."""

import pytest
import torch

from sklearn_lenet.nets._activations import ACTIVATIONS, ScaledTanh
from sklearn_lenet.nets._dense_net import DenseNet
from sklearn_lenet.nets._dropout import SeededDropout
from sklearn_lenet.nets._initialisation import initialise
from sklearn_lenet.nets._lenet5 import LeNet5


def trainable(module):
    return sum(p.numel() for p in module.parameters() if p.requires_grad)


@pytest.mark.parametrize(
    ("settings", "total"),
    [
        ({"activation": "tanh", "pooling": "avg"}, 61_706),
        ({}, 61_706),
        ({"activation": "sigmoid"}, 61_706),
        ({"activation": "scaled_tanh"}, 61_706),
        ({"input_size": 28, "activation": "relu", "pooling": "avg"}, 44_426),
        ({"dropout": 0.5}, 61_706),
    ],
)
def test_lenet_has_the_published_number_of_parameters(settings, total):
    assert trainable(LeNet5(**settings)) == total


def test_each_layer_of_lenet_has_the_published_number_of_parameters():
    net = LeNet5(activation="tanh", pooling="avg")
    counts = {name: trainable(layer) for name, layer in net.named_children() if trainable(layer)}
    assert counts == {"c1": 156, "c3": 2_416, "c5": 48_120, "f6": 10_164, "output": 850}


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (32, {"c1": (6, 28, 28), "s2": (6, 14, 14), "c3": (16, 10, 10), "s4": (16, 5, 5)}),
        (28, {"c1": (6, 24, 24), "s2": (6, 12, 12), "c3": (16, 8, 8), "s4": (16, 4, 4)}),
    ],
)
def test_maps_have_the_published_shapes(size, expected):
    net, seen = LeNet5(input_size=size), {}
    for name, layer in net.named_children():
        layer.register_forward_hook(
            lambda *args, name=name: seen.update({name: tuple(args[2].shape[1:])})
        )
    net(torch.zeros(1, 1, size, size))
    always = {"c5": (120, 1, 1), "f6": (84,), "output": (10,)}
    expected = expected | always
    assert {name: seen[name] for name in expected} == expected


@pytest.mark.parametrize("size", [16, 17, 20, 33, 64])
def test_c5_sees_whatever_s4_leaves(size):
    assert LeNet5(3, input_size=size)(torch.zeros(2, 1, size, size)).shape == (2, 3)


def test_too_small_a_field_names_the_smallest():
    with pytest.raises(ValueError, match=r"input_size=15 .* 16 is the smallest"):
        LeNet5(input_size=15)


def test_state_dict_reads_as_the_layers_names():
    keys = [
        f"{name}.{part}"
        for name in ("c1", "c3", "c5", "f6", "output")
        for part in ("weight", "bias")
    ]
    assert list(LeNet5().state_dict()) == keys
    dense = DenseNet(4, hidden_layer_sizes=(3, 2)).state_dict()
    assert [key for key in dense if key.endswith("weight")] == [
        "hidden1.weight",
        "hidden2.weight",
        "output.weight",
    ]


def test_lenet_by_hand():
    # All weights zero but one path: the centre of C1's first kernel, then sums.
    net = LeNet5(2, activation="relu", pooling="max")
    for parameter in net.parameters():
        torch.nn.init.zeros_(parameter)
    with torch.no_grad():
        net.c1.weight[0, 0, 2, 2] = 2.0  # doubles the pixel it looks at
        net.c3.weight[5, 0] = 1.0  # adds up 25 pooled values
        net.c5.weight[7, 5, 0, 0] = 1.0  # the upper left of S4
        net.f6.weight[3, 7] = 0.5
        net.output.weight[1, 3] = 1.0
        net.output.bias[0] = 0.25
    field = torch.zeros(1, 1, 32, 32)
    field[0, 0, 2:12, 2:12] = 3.0  # C1 maps it to 10x10 sixes, S2 to 5x5
    # C3's first window adds 25 sixes: 150; S4 keeps it; F6 halves it.
    assert net(field).tolist() == [[0.25, 75.0]]


def test_average_pooling_averages():
    net = LeNet5(pooling="avg")
    assert net.s2(torch.tensor([[[[1.0, 2.0], [3.0, 6.0]]]])).item() == 3.0


def test_scaled_tanh_keeps_plus_and_minus_one():
    values = ScaledTanh()(torch.tensor([-1.0, 0.0, 1.0, 100.0]))
    torch.testing.assert_close(values, torch.tensor([-1.0, 0.0, 1.0, 1.7159]), atol=1e-4, rtol=0)


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


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_initialise_is_seeded_and_bounded(activation):
    nets = [LeNet5(activation=activation) for _ in range(2)]
    for net in nets:
        initialise(net, torch.Generator().manual_seed(3))
    assert all(map(torch.equal, nets[0].parameters(), nets[1].parameters()))
    weight = nets[0].c1.weight.detach()
    bound = (6 / (25 + 6 * 25)) ** 0.5
    assert weight.abs().max() <= bound
    assert weight.std() == pytest.approx(bound / 3**0.5, rel=0.15)
    assert not nets[0].c1.bias.any()


def test_dropout_drops_in_training_only_and_from_its_own_generator():
    layer, ones = SeededDropout(0.25), torch.ones(10_000)
    before = torch.get_rng_state()
    layer.generator = torch.Generator().manual_seed(0)
    dropped = layer(ones)
    assert torch.equal(torch.get_rng_state(), before)
    assert dropped.unique().tolist() == [0.0, pytest.approx(4 / 3)]
    assert (dropped == 0).float().mean() == pytest.approx(0.25, abs=0.02)
    assert layer.eval()(ones) is ones
