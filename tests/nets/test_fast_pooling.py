"""The fast poolings against torch's layers, on one window and on many."""

import pytest
import torch

from sklearn_lenet.nets._fast_activations import FAST_ACTIVATIONS
from sklearn_lenet.nets._fast_pooling import FAST_POOLINGS
from sklearn_lenet.nets._pooling import POOLINGS
from sklearn_lenet.nets._shared_memory import SharedMemory


def test_every_pooling_has_a_fast_form():
    assert FAST_POOLINGS.keys() == POOLINGS.keys()


@pytest.mark.parametrize(
    ("pooling", "pooled", "gradients"),
    [("max", 8.0, [0.0, 0.0, 0.0, 1.0]), ("avg", 14.0, [1.0, 0.0, 1.0, 1.0])],
)
def test_one_window_by_hand(pooling, pooled, gradients):
    outputs = torch.tensor([[1.0], [-2.0], [5.0], [8.0]])  # one window, relu: 1, 0, 5, 8
    fast = FAST_POOLINGS[pooling](
        outputs, FAST_ACTIVATIONS["relu"], SharedMemory(outputs.shape[1], outputs.dtype)
    )
    assert fast.forward().tolist() == [[pooled]]
    row_sums = fast.backward(torch.tensor([[1.0]]))
    assert outputs.ravel().tolist() == gradients
    assert row_sums.sum() == sum(gradients)


@pytest.mark.parametrize("pooling", FAST_POOLINGS)
@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
def test_many_windows_against_torch(pooling, activation):
    maps = torch.randn(3, 5, 4, 6, generator=torch.Generator().manual_seed(0), requires_grad=True)
    activate = torch.relu if activation == "relu" else torch.sigmoid
    expected = POOLINGS[pooling](2)(activate(maps))
    weights = torch.randn(expected.shape, generator=torch.Generator().manual_seed(1))
    (gradient,) = torch.autograd.grad((weights * expected).sum(), maps)

    def grouped(a):  # four rows, one for each place in a window; columns are windows
        return a.detach().unflatten(2, (2, 2)).unflatten(4, (3, 2)).permute(3, 5, 0, 1, 2, 4)

    outputs = grouped(maps).reshape(4, -1).contiguous()
    fast = FAST_POOLINGS[pooling](
        outputs, FAST_ACTIVATIONS[activation], SharedMemory(outputs.shape[1], outputs.dtype)
    )
    torch.testing.assert_close(fast.forward() * fast.factor, expected.detach().reshape(1, -1))
    fast.backward(weights.reshape(1, -1))
    torch.testing.assert_close(outputs * fast.factor, grouped(gradient).reshape(4, -1))
