"""Where the copies of the kernels lie, and which nets the fast passes know."""

import pytest
import torch

from sklearn_lenet.nets import _fast_activations, _fast_pooling
from sklearn_lenet.nets._fast_convolutions import FastConvolutions, KernelCopies
from sklearn_lenet.nets._lenet5 import LeNet5


@pytest.mark.parametrize(("maps", "channels", "windows"), [(6, 1, 2), (16, 6, 1)])
def test_the_matrix_contains_each_kernel_once_for_each_output(maps, channels, windows):
    copies = KernelCopies(maps, channels, windows)
    rows, columns = copies.shape
    places = copies.view(torch.arange(rows * columns).view(rows, columns))
    assert places.shape[4:] == (maps, channels, 5, 5)
    assert places[..., 0, 0, 0].numel() == rows == copies.n_outputs * maps
    assert len(places.unique()) == places.numel() == rows * channels * 25


def test_the_copies_of_a_kernel_are_summed():
    copies = KernelCopies(2, 1, 1)
    matrix = torch.zeros(copies.shape)
    copies.view(matrix).fill_(1.0)
    assert copies.sum(matrix).tolist() == torch.full((2, 1, 5, 5), 4.0).tolist()  # 2x2 outputs


def test_one_patch_by_hand():
    # The 4x4 outputs of C1 for an 8x8 patch, against torch's convolution.
    copies, kernel = KernelCopies(6, 1, 2), torch.randn(6, 1, 5, 5)
    matrix = torch.zeros(copies.shape)
    copies.view(matrix).copy_(kernel)
    patch = torch.randn(1, 1, 8, 8)
    outputs = (matrix @ patch.view(-1, 1)).view(2, 2, 2, 2, 6)  # place, window, map
    maps = outputs.permute(4, 2, 0, 3, 1).reshape(6, 4, 4)
    expected = torch.nn.functional.conv2d(patch, kernel)[0]
    torch.testing.assert_close(maps, expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize("table", [_fast_activations.FAST_ACTIVATIONS, _fast_pooling.FAST_POOLINGS])
def test_what_is_in_no_table_is_left_to_torch(table, monkeypatch):
    net = LeNet5(activation="tanh", pooling="avg")
    assert FastConvolutions.know(net)
    monkeypatch.delitem(table, "tanh" if "tanh" in table else "avg")
    assert not FastConvolutions.know(net)
    assert FastConvolutions.know(LeNet5())


@pytest.mark.parametrize(("size", "known"), [(16, True), (30, False), (31, False), (32, True)])
def test_the_field_must_divide_into_patches(size, known):
    assert FastConvolutions.know(LeNet5(input_size=size)) is known
