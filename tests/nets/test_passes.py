"""The fast passes give the results of torch's own passes."""

import pytest
import torch

from sklearn_lenet.nets._activations import ACTIVATIONS
from sklearn_lenet.nets._dense_net import DenseNet
from sklearn_lenet.nets._dropout import Dropout
from sklearn_lenet.nets._initialisation import initialise
from sklearn_lenet.nets._lenet5 import LeNet5
from sklearn_lenet.nets._passes import DensePasses, LeNet5Passes, Passes, passes
from sklearn_lenet.nets._pooling import POOLINGS
from sklearn_lenet.training._loss import WeightedCrossEntropy


def pair(dtype, make=LeNet5, **settings):
    """Return torch's passes of a net, and the fast passes of an equal net."""
    nets = [make(**settings).to(dtype) for _ in range(2)]
    for net in nets:
        initialise(net, torch.Generator().manual_seed(0))
        for layer in net.modules():
            if isinstance(layer, Dropout):
                layer.generator = torch.Generator().manual_seed(3)
            elif getattr(layer, "bias", None) is not None:
                layer.bias.data += 0.1
    fast = passes(nets[1])
    assert type(fast) is {LeNet5: LeNet5Passes, DenseNet: DensePasses}[make]
    return Passes(nets[0]), fast


def learned(way, batch, targets, criterion):
    """Return logits, loss and all gradients of a step."""
    logits, loss = way.learn(batch, targets, criterion)
    return logits, loss, *(parameter.grad for parameter in way.module.parameters())


def assert_equal_passes(ways, batch, targets, criterion, error):
    plain, fast = (learned(way, batch, targets, criterion) for way in ways)
    assert len(plain) == 2 + len(list(ways[0].module.parameters()))
    for theirs, ours in zip(plain, fast, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=0, atol=error)


@pytest.mark.parametrize("size", [16, 20, 28, 32])
@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(("dtype", "error"), [(torch.float64, 1e-12), (torch.float32, 2e-6)])
def test_logits_and_gradients_are_those_of_the_plain_layers(
    activation, pooling, size, dtype, error
):
    ways = pair(dtype, input_size=size, activation=activation, pooling=pooling)
    generator = torch.Generator().manual_seed(1)
    for n in (37, 5, 37):  # the third batch uses the memory of the first
        fields = torch.randn(n, 1, size, size, generator=generator, dtype=dtype)
        fields[:, :, : size // 4] = -0.4  # all values of a window are equal here
        codes = torch.randint(10, (n,), generator=generator)
        assert_equal_passes(ways, fields, (codes,), WeightedCrossEntropy(), error)


@pytest.mark.parametrize("sizes", [(8,), (9, 8), (30, 20, 10)])
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_dense_nets_have_the_gradients_of_torch(activation, sizes, dropout):
    settings = {"n_features": 50, "n_classes": 7, "hidden_layer_sizes": sizes}
    settings |= {"activation": activation, "dropout": dropout}
    ways = pair(torch.float64, DenseNet, **settings)
    rows = torch.randn(12, 50, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    assert_equal_passes(ways, rows, (torch.arange(12) % 7,), WeightedCrossEntropy(0.1), 1e-12)


@pytest.mark.parametrize("label_smoothing", [0.0, 0.1])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("settings", [{}, {"dropout": 0.3}, {"n_classes": 3}], ids=str)
def test_losses_weights_and_dropout_are_those_of_torch(label_smoothing, weighted, settings):
    ways = pair(torch.float64, activation="scaled_tanh", **settings)
    generator = torch.Generator().manual_seed(1)
    fields = torch.randn(20, 1, 32, 32, generator=generator, dtype=torch.float64)
    targets = (torch.randint(settings.get("n_classes", 10), (20,), generator=generator),)
    if weighted:
        targets += (torch.rand(20, generator=generator, dtype=torch.float64) * 2,)
    assert_equal_passes(ways, fields, targets, WeightedCrossEntropy(label_smoothing), 1e-12)


def test_weights_are_equal_after_a_hundred_steps():
    ways = pair(torch.float64)
    generator = torch.Generator().manual_seed(1)
    fields = torch.randn(100, 16, 1, 32, 32, generator=generator, dtype=torch.float64)
    codes = torch.randint(10, (100, 16), generator=generator)
    for way in ways:
        adam = torch.optim.Adam(way.module.parameters(), lr=0.001)
        for batch, targets in zip(fields, codes, strict=True):
            way.learn(batch, (targets,), WeightedCrossEntropy())
            adam.step()
    plain, fast = (way.module.state_dict() for way in ways)
    assert plain.keys() == fast.keys()
    for name in plain:
        torch.testing.assert_close(plain[name], fast[name], rtol=0, atol=1e-9)


def test_other_fields_take_torchs_own_passes():
    module = LeNet5(input_size=30)
    assert type(passes(module)) is Passes
