"""LeNet-5 by blocks is LeNet-5: the plain layers are the reference."""

import pytest
import torch
from torch.nn import functional as F

from sklearn_lenet._blocks import SQUASHES, copies, fast_forward
from sklearn_lenet.modules import ACTIVATIONS, POOLINGS, DenseNet, LeNet5, initialise


def pair(dtype, **settings):
    """Return one LeNet-5 twice, the second to be run by blocks."""
    nets = [LeNet5(**settings).to(dtype) for _ in range(2)]
    for net in nets:
        initialise(net, torch.Generator().manual_seed(0))
        net.c1.bias.data += 0.1
        net.c3.bias.data -= 0.1
    return nets


def gradients(net, forward, fields, codes):
    net.zero_grad()
    logits = forward(fields)
    F.cross_entropy(logits, codes).backward()
    return [logits.detach()] + [parameter.grad for parameter in net.parameters()]


@pytest.mark.parametrize("size", [16, 20, 28, 32])
@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(("dtype", "error"), [(torch.float64, 1e-12), (torch.float32, 2e-6)])
def test_logits_and_gradients_are_those_of_the_plain_layers(
    activation, pooling, size, dtype, error
):
    plain, blocked = pair(dtype, input_size=size, activation=activation, pooling=pooling)
    forward = fast_forward(blocked)
    assert forward is not blocked
    generator = torch.Generator().manual_seed(1)
    for n in (37, 5, 37):  # the work space of the first batch serves the third
        fields = torch.randn(n, 1, size, size, generator=generator, dtype=dtype)
        fields[:, :, : size // 4] = -0.4  # a flat margin, where all of a window is equal
        codes = torch.randint(10, (n,), generator=generator)
        for ours, theirs in zip(
            gradients(blocked, forward, fields, codes),
            gradients(plain, plain, fields, codes),
            strict=True,
        ):
            torch.testing.assert_close(ours, theirs, rtol=0, atol=error)


def test_a_hundred_steps_lead_to_the_same_weights():
    nets = pair(torch.float64)
    generator = torch.Generator().manual_seed(1)
    fields = torch.randn(100, 16, 1, 32, 32, generator=generator, dtype=torch.float64)
    codes = torch.randint(10, (100, 16), generator=generator)
    for net, forward in zip(nets, (nets[0], fast_forward(nets[1])), strict=True):
        adam = torch.optim.Adam(net.parameters(), lr=0.001)
        for batch, targets in zip(fields, codes, strict=True):
            adam.zero_grad()
            F.cross_entropy(forward(batch), targets).backward()
            adam.step()
    assert nets[0].state_dict().keys() == nets[1].state_dict().keys()
    for plain, blocked in zip(*(net.parameters() for net in nets), strict=True):
        torch.testing.assert_close(plain, blocked, rtol=0, atol=1e-9)


def test_squashes_are_the_activations():
    a = torch.linspace(-6, 6, 101)
    for name, squash in SQUASHES.items():
        value = squash.core_((squash.gain_in * a).clone())
        torch.testing.assert_close(
            squash.gain_out * value + squash.shift, ACTIVATIONS[name]()(a), rtol=0, atol=1e-6
        )


@pytest.mark.parametrize(("layer", "number"), [((6, 1, 2, 8), 16), ((16, 6, 1, 2), 4)])
def test_each_value_of_a_kernel_stands_once_for_each_output(layer, number):
    laid = copies(*layer)
    values = layer[0] * layer[1] * 25
    assert laid.number == number
    assert len(laid.place.unique()) == len(laid.place) == number * values
    counts = torch.bincount(laid.origin)
    assert counts[:-1].tolist() == [number] * values
    assert counts[-1] == len(laid.origin) - number * values


@pytest.mark.parametrize("module", [LeNet5(input_size=30), DenseNet(4)], ids=["30x30", "dense"])
def test_other_nets_run_as_they_are(module):
    assert fast_forward(module) is module
