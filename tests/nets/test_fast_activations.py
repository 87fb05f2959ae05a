"""The fast activations are the activations, forward and backward."""

import pytest
import torch

from sklearn_lenet.nets._activations import ACTIVATIONS
from sklearn_lenet.nets._fast_activations import FAST_ACTIVATIONS


@pytest.mark.parametrize("name", FAST_ACTIVATIONS)
def test_values_and_gradients_are_those_of_the_activation(name):
    fast = FAST_ACTIVATIONS[name]
    a = torch.linspace(
        -6, 6, 100, requires_grad=True
    )  # 0, where relu has no gradient, is not in it
    expected = ACTIVATIONS[name]()(a)
    (gradient,) = torch.autograd.grad(expected.sum(), a)
    value = fast.core_((fast.gain_in * a).detach().clone())
    torch.testing.assert_close(fast.scale_and_shift(value), expected.detach(), rtol=0, atol=1e-6)
    fast.backward_(torch.ones(100), value)
    torch.testing.assert_close(fast.gain_in * fast.gain_out * value, gradient, rtol=0, atol=1e-6)


def test_every_activation_has_a_fast_form():
    assert FAST_ACTIVATIONS.keys() == ACTIVATIONS.keys()
