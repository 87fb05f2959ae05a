"""LeNet-5's convolutions as two matrix products on blocks of pixels: the same net, faster.

CPU libraries handle layers of 1, 6 and 16 channels badly. Written on blocks ("space to
depth") the same layers are products of well-shaped matrices:

====  ======================================  ==========================  ==============
C1    an 8x8 patch, one every 4 pixels        its 4x4 outputs x 6 maps    64 -> 96
C3    a 6x6 patch of S2's 6 maps, one every   its 2x2 outputs x 16 maps   216 -> 64
      2 pixels
====  ======================================  ==========================  ==============

The small kernels are spread into the large matrices, and the large gradients gathered
back. A matrix has its rows in four groups, by their place in the 2x2 window that is
pooled next, so that S2 and S4 are the mean or the maximum of four groups of rows.

`modules.LeNet5` stays the reference: same parameters, same results but for rounding.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ._fast_activations import SQUASHES, Squash
from ._lenet5 import LeNet5

KERNEL = 5

PATCH = 8
"""The side of C1's patches; they start every four pixels."""

NEIGHBOURS = 3
"""How many patches of C1, pooled to 2x2 pixels, a patch of C3 spans each way."""


class _Copies:
    """Where a matrix for ``windows`` x ``windows`` pooling windows at once holds small kernels."""

    def __init__(self, maps: int, channels: int, windows: int) -> None:
        self.number = 4 * windows**2
        self.side = 2 * windows + KERNEL - 1
        self.shape = self.number * maps, self.side**2 * channels
        row, y, x = self.shape[1], self.side * channels, channels
        down = maps * row  # to the same map of the next output
        self.sizes = 2, 2, windows, windows, maps, channels, KERNEL, KERNEL
        self.strides = (
            2 * windows**2 * down + y,  # the place within the pooling window, then the window
            windows**2 * down + x,
            windows * down + 2 * y,
            down + 2 * x,
            row,
            1,
            y,
            x,
        )

    def of(self, matrix: Tensor) -> Tensor:
        """Return the matrix's part that holds the copies, the kernel in the last four axes."""
        return matrix.as_strided(self.sizes, self.strides)

    def summed(self, matrix: Tensor) -> Tensor:
        """Return the sum of the copies."""
        # A kernel's row of all channels lies in one stretch: gathered so, it is soon done.
        copies = self.of(matrix).movedim(5, -1).contiguous()
        return copies.sum((0, 1, 2, 3)).movedim(-1, 1).contiguous()


class _Layer:
    """A convolution with the squashing and pooling behind it, as a matrix product.

    Columns are places of the input, the image counting fastest, so that all but the
    products runs over long stretches of memory. The backward pass turns values into
    gradients in place.
    """

    def __init__(
        self, layer: nn.Conv2d, copies: _Copies, squash: Squash, pooling: str, inputs: Tensor
    ) -> None:
        self.copies, self.squash, self.pooling = copies, squash, pooling
        self.weight, self.bias = layer.weight, layer.get_parameter("bias")
        rows, columns = copies.shape[0], inputs.shape[1]
        self.inputs, self.inputs_across = inputs, inputs.t()
        self.matrix, self.gradient = inputs.new_zeros(2, *copies.shape)
        self.matrix_across, self.kernels = self.matrix.t(), copies.of(self.matrix)
        self.biases = inputs.new_empty(copies.number, layer.out_channels)
        self.biases_down = self.biases.view(-1, 1)
        self.values = inputs.new_empty(rows, columns)
        self.four = self.values.view(4, rows // 4, columns)
        self.two = inputs.new_empty(rows // 2 if pooling == "max" else 0, columns)
        self.one = inputs.new_empty(rows // 4, columns)
        self.halves, self.quarters = self.values.chunk(2), self.two.chunk(2)
        self.pooled = inputs.new_empty(rows // 4, columns)
        self.share = 0.25 if pooling == "avg" else 1.0
        self.gain = squash.gain_in * squash.gain_out * self.share

    def forward(self) -> Tensor:
        """Return the pooled maps, ``windows * windows * maps`` rows."""
        self.kernels.copy_(self.weight)
        self.biases.copy_(self.bias)
        biases, gain = self.biases_down, self.squash.gain_in
        torch.addmm(biases, self.matrix, self.inputs, beta=gain, alpha=gain, out=self.values)
        if self.pooling == "avg":
            self.squash.core_(self.values)
            torch.sum(self.four, 0, out=self.one)
        else:  # the squashings rise, so the largest before them is the largest behind them
            torch.maximum(*self.halves, out=self.two)
            torch.maximum(*self.quarters, out=self.one)
            self.squash.core_(self.one)
        return self.squash.rest(self.one, self.share, out=self.pooled)

    def backward(self, gradient: Tensor, gain: float) -> None:
        """Set the gradients of kernel and bias, from ``1 / gain`` of that of the pooled maps."""
        if self.pooling == "avg":
            self.squash.backward_(gradient.expand_as(self.four), self.four)
            sums = self.values.sum(1)
        else:
            self.squash.backward_(gradient, self.one)
            sums = self.one.sum(1)
            _to_the_larger(self.one, *self.quarters)
            _to_the_larger(self.two, *self.halves)
        torch.mm(self.values, self.inputs_across, out=self.gradient)
        of_kernel = self.copies.summed(self.gradient)
        of_bias = sums.view(-1, len(self.bias)).sum(0)
        gain *= self.gain
        if gain != 1.0:
            of_kernel.mul_(gain)
            of_bias.mul_(gain)
        self.weight.grad, self.bias.grad = of_kernel, of_bias

    def backward_to_inputs(self) -> None:
        """Put the gradient of the inputs, but for the gains, in their place, after `backward`."""
        torch.mm(self.matrix_across, self.values, out=self.inputs)


def _to_the_larger(gradient: Tensor, first: Tensor, second: Tensor) -> None:
    """Put a maximum's gradient in place of the larger half, 0 in place of the other."""
    torch.ge(first, second, out=first).mul_(gradient)
    torch.sub(gradient, first, out=second)


class Blocks:
    """C1, S2, C3 and S4 for batches of n images, and the memory that they use again and again.

    It serves one thread, and `backward` must come before the next `forward`.
    """

    @staticmethod
    def fit(module: LeNet5) -> bool:
        """Return whether the field can be cut into the patches."""
        return module.input_size % 4 == 0  # elsewhere a patch would hold half a window

    def __init__(self, module: LeNet5, n: int, dtype: torch.dtype) -> None:
        size = module.input_size
        across = (size - 4) // 4
        left = across - NEIGHBOURS + 1
        squash, pooling = SQUASHES[module.activation], module.pooling

        self.pixels = torch.empty(size * size, n, dtype=dtype)
        row = size * n
        shape = (PATCH, PATCH, across, across, n)
        self.patches_of_pixels = self.pixels.as_strided(shape, (row, n, 4 * row, 4 * n, 1))
        self.patches = torch.empty(shape, dtype=dtype)
        inputs = self.patches.view(PATCH**2, -1)
        self.c1 = _Layer(module.c1, _Copies(6, 1, 2), squash, pooling, inputs)

        self.of_s2 = torch.empty(2, 2, 6, across, across, n, dtype=dtype)
        pixel, row = self.of_s2.stride(1), self.of_s2.stride(3)
        self.seen = torch.empty(NEIGHBOURS, 2, NEIGHBOURS, 2, 6, left, left, n, dtype=dtype)
        self.seen_strides = (row, 2 * pixel, n, pixel, across * row, row, n, 1)
        inputs = self.seen.view((2 * NEIGHBOURS) ** 2 * 6, -1)
        self.c3 = _Layer(module.c3, _Copies(16, 6, 1), squash, pooling, inputs)
        self.neighbours = [
            (self.of_s2[..., i : i + left, j : j + left, :], self.seen[i, :, j])
            for i in range(NEIGHBOURS)
            for j in range(NEIGHBOURS)
        ]

    def forward(self, fields: Tensor) -> Tensor:
        """Return S4's maps of (n, 1, size, size) fields, a column for each image."""
        self.pixels.copy_(fields.view(len(fields), -1).t())
        self.patches.copy_(self.patches_of_pixels)
        s2 = self.c1.forward()
        self.seen.copy_(s2.as_strided(self.seen.shape, self.seen_strides))
        return self.c3.forward().view(-1, len(fields))

    def backward(self, gradient: Tensor) -> None:
        """Set the gradients of C1 and C3 from that of S4's maps."""
        self.c3.backward(gradient.view_as(self.c3.one), 1.0)
        self.c3.backward_to_inputs()
        self.of_s2.zero_()
        for s2, seen in self.neighbours:
            s2.add_(seen)
        self.c1.backward(self.of_s2.view_as(self.c1.one), self.c3.gain)
