"""LeNet5: shapes and parameter counts of the published tables, arithmetic by hand."""

import pytest
import torch

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
def test_c5_covers_all_of_s4(size):
    assert LeNet5(3, input_size=size)(torch.zeros(2, 1, size, size)).shape == (2, 3)


def test_the_error_for_a_small_field_names_the_smallest_size():
    with pytest.raises(ValueError, match=r"input_size=15 is too small for LeNet-5: use 16 or more"):
        LeNet5(input_size=15)


def test_parameters_are_named_after_the_layers():
    keys = [
        f"{name}.{part}"
        for name in ("c1", "c3", "c5", "f6", "output")
        for part in ("weight", "bias")
    ]
    assert list(LeNet5().state_dict()) == keys


def test_lenet_by_hand():
    # All weights are zero except on one path: the centre of C1's first kernel, then sums.
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
