"""LeNet-5's convolutions as two matrix products on blocks of pixels: the same net, faster.

CPU libraries handle layers of 1, 6 and 16 channels badly. Written on blocks ("space to
depth") the same layers are products of well-shaped matrices:

====  ======================================  ==========================  ==============
C1    an 8x8 patch, one every 4 pixels        its 4x4 outputs x 6 maps    64 -> 96
C3    3x3 neighbouring patches of S2,         one 2x2 window x 16 maps    216 -> 64
      each 2x2 pixels x 6 maps
====  ======================================  ==========================  ==============

The small kernels are spread into the large matrices, and the large gradients gathered
back. A matrix has its columns in four groups, by their place in the 2x2 window that is
pooled next, so that S2 and S4 are the mean or the maximum of four groups of columns.

`modules.LeNet5` stays the reference: same parameters, same results but for rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn import functional as F

from .modules import LeNet5

Forward = Callable[[Tensor], Tensor]
"""From a batch of fields or rows to its logits."""

KERNEL = 5
PATCH = 8
"""The side of C1's patches; they start every four pixels."""

NEIGHBOURS = 3
"""How many patches of S2 a window of C3 sees, each way."""


def fast_forward(module: nn.Module) -> Forward:
    """Return the module's forward pass, by blocks where that is possible and faster.

    The function keeps its work space from call to call, so it serves one thread, and
    the backward pass of a call must come before the next call.
    """
    if not isinstance(module, LeNet5) or module.c1.weight.device.type != "cpu":
        return module
    if module.input_size % 4 != 0:  # a patch would hold half a pooling window
        return module
    work = cache(lambda n, dtype: _Work(module, n, dtype))
    convolve: Callable[..., Tensor] = _BlockLayers.apply
    trained = module.c1.weight, module.c1.bias, module.c3.weight, module.c3.bias

    def forward(field: Tensor) -> Tensor:
        maps = convolve(field, *trained, work(len(field), field.dtype))
        return module.classify(F.linear(maps.t(), module.c5.weight.flatten(1), module.c5.bias))

    return forward


class Squash(NamedTuple):
    """An activation as ``gain_out * core(gain_in * a) + shift``.

    tanh(a) is 2 sigmoid(2a) - 1, and torch's sigmoid is several times faster than its tanh.
    """

    core: str
    gain_in: float = 1.0
    gain_out: float = 1.0
    shift: float = 0.0

    def core_(self, a: Tensor) -> Tensor:
        """Apply the core in place."""
        return a.relu_() if self.core == "relu" else a.sigmoid_()

    def slope_(self, value: Tensor) -> Tensor:
        """Turn values of the core into its slope there, in place."""
        return value.sign_() if self.core == "relu" else value.addcmul_(value, value, value=-1)


SQUASHES = {
    "relu": Squash("relu"),
    "sigmoid": Squash("sigmoid"),
    "tanh": Squash("sigmoid", 2.0, 2.0, -1.0),
    "scaled_tanh": Squash("sigmoid", 4.0 / 3.0, 2 * 1.7159, -1.7159),
}


class Copies(NamedTuple):
    """Where a small kernel's values stand in its large matrix, one row for each output."""

    shape: tuple[int, int]
    origin: Tensor
    """For each place of the matrix which value stands there; the number behind the last is 0."""
    place: Tensor
    """For each copy of the kernel, one after the other, where its values stand."""
    number: int


@cache
def copies(maps: int, channels: int, windows: int, block: int) -> Copies:
    """Lay kernels out for outputs in ``windows`` x ``windows`` pooling windows at once.

    The input is read in pieces of ``block`` x ``block`` pixels.
    """
    side = 2 * windows + KERNEL - 1
    sizes = (2, 2, windows, windows, maps, channels, KERNEL, KERNEL)
    py, px, wy, wx, m, c, i, j = torch.meshgrid(*map(torch.arange, sizes), indexing="ij")
    y, x = 2 * wy + py + i, 2 * wx + px + j
    piece = y // block * (side // block) + x // block
    into = (piece * block**2 + y % block * block + x % block) * channels + c
    out = ((py * 2 + px) * windows**2 + wy * windows + wx) * maps + m
    shape = (4 * windows**2 * maps, side**2 * channels)
    place = (out * shape[1] + into).flatten()
    number, values = 4 * windows**2, maps * channels * KERNEL**2
    origin = torch.full((shape[0] * shape[1],), values)
    origin[place] = torch.arange(values).repeat(number)
    return Copies(shape, origin, place, number)


class _Layer:
    """A convolution with the squashing and pooling behind it, as a matrix product.

    Columns are places of the input, the image counting fastest, so that all but the two
    products runs over long stretches of memory. The backward pass turns values into
    gradients in place.
    """

    def __init__(self, copies: Copies, squash: Squash, pooling: str, inputs: Tensor) -> None:
        self.copies, self.squash, self.pooling, self.inputs = copies, squash, pooling, inputs
        rows, columns = copies.shape[0], inputs.shape[1]
        self.matrix = inputs.new_empty(copies.shape)
        self.values = inputs.new_empty(rows, columns)
        self.two = inputs.new_empty(rows // 2 if pooling == "max" else 0, columns)
        self.one = inputs.new_empty(rows // 4, columns)
        self.pooled = inputs.new_empty(rows // 4, columns)

    def forward(self, kernel: Tensor, bias: Tensor) -> Tensor:
        """Return the pooled maps, ``windows * windows * maps`` rows."""
        values = torch.cat((kernel.flatten(), kernel.new_zeros(1)))
        torch.index_select(values, 0, self.copies.origin, out=self.matrix.view(-1))
        biases = bias.repeat(self.copies.number)[:, None]
        gain = self.squash.gain_in
        torch.addmm(biases, self.matrix, self.inputs, beta=gain, alpha=gain, out=self.values)
        if self.pooling == "avg":
            self.squash.core_(self.values)
            torch.sum(self.values.view(4, *self.one.shape), 0, out=self.one)
            return self._scaled(self.squash.gain_out / 4)
        # The squashings rise, so the largest value before them is the largest behind them.
        torch.maximum(*self.values.chunk(2), out=self.two)
        torch.maximum(*self.two.chunk(2), out=self.one)
        self.squash.core_(self.one)
        return self._scaled(self.squash.gain_out)

    def _scaled(self, gain: float) -> Tensor:
        if self.squash.shift == 0.0 and gain == 1.0:
            return self.one
        return torch.mul(self.one, gain, out=self.pooled).add_(self.squash.shift)

    def backward(self, gradient: Tensor, kernel: Tensor) -> tuple[Tensor, Tensor]:
        """Return the gradients of the kernel and the bias."""
        factor = self.squash.gain_in * self.squash.gain_out
        if self.pooling == "avg":
            factor /= 4
        if factor != 1.0:
            gradient = gradient * factor
        if self.pooling == "avg":
            self.squash.slope_(self.values).view(4, *self.one.shape).mul_(gradient)
        else:
            self.squash.slope_(self.one).mul_(gradient)
            _to_the_larger(self.one, self.two)
            _to_the_larger(self.two, self.values)
        matrix = torch.mm(self.values, self.inputs.t())
        bias = self.values.sum(1).view(self.copies.number, -1).sum(0)
        values = matrix.view(-1).index_select(0, self.copies.place)
        return values.view(self.copies.number, -1).sum(0).view_as(kernel), bias

    def backward_to_inputs(self, out: Tensor) -> None:
        """Write the gradient of the inputs, after `backward`."""
        torch.mm(self.matrix.t(), self.values, out=out)


def _to_the_larger(gradient: Tensor, halves: Tensor) -> None:
    """Put a maximum's gradient in place of the larger half, 0 in place of the other."""
    first, second = halves.chunk(2)
    torch.ge(first, second, out=first).mul_(gradient)
    torch.sub(gradient, first, out=second)


class _Work:
    """Both layers for batches of n images, and the memory that they use again and again."""

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
        self.c1 = _Layer(copies(6, 1, 2, PATCH), squash, pooling, inputs)

        self.s2_shape = (4 * 6, across, across, n)
        self.seen = torch.empty(NEIGHBOURS, NEIGHBOURS, 4 * 6, left, left, n, dtype=dtype)
        self.gradient = torch.empty(self.s2_shape, dtype=dtype)
        inputs = self.seen.view(NEIGHBOURS**2 * 4 * 6, -1)
        self.c3 = _Layer(copies(16, 6, 1, 2), squash, pooling, inputs)
        self.neighbours = [
            (self.gradient[:, i : i + left, j : j + left], self.seen[i, j])
            for i in range(NEIGHBOURS)
            for j in range(NEIGHBOURS)
        ]


class _BlockLayers(torch.autograd.Function):
    """C1, S2, C3 and S4: fields of (n, 1, size, size) to columns of (16 * left * left, n)."""

    @staticmethod
    def forward(
        ctx: Any,
        field: Tensor,
        kernel1: Tensor,
        bias1: Tensor,
        kernel3: Tensor,
        bias3: Tensor,
        work: _Work,
    ) -> Tensor:
        """Run both layers; the work space keeps what the backward pass needs."""
        ctx.work, ctx.kernels = work, (kernel1, kernel3)
        work.pixels.copy_(field.view(len(field), -1).t())
        work.patches.copy_(work.patches_of_pixels)
        s2 = work.c1.forward(kernel1, bias1).view(work.s2_shape)
        row = s2.stride(1)
        steps = (row, s2.stride(2), s2.stride(0), row, s2.stride(2), 1)
        work.seen.copy_(s2.as_strided(work.seen.shape, steps))
        return work.c3.forward(kernel3, bias3).view(-1, len(field)).clone()

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        """Return the gradients of kernels and biases; the field gets none."""
        work, (kernel1, kernel3) = ctx.work, ctx.kernels
        of_kernel3, of_bias3 = work.c3.backward(gradient.reshape(work.c3.one.shape), kernel3)
        work.c3.backward_to_inputs(out=work.c3.inputs)
        work.gradient.zero_()
        for s2, seen in work.neighbours:
            s2.add_(seen)
        of_kernel1, of_bias1 = work.c1.backward(work.gradient.view(work.c1.one.shape), kernel1)
        return None, of_kernel1, of_bias1, of_kernel3, of_bias3, None
