"""C1 to S4 of LeNet-5 as two matrix products on blocks of pixels: the same net, faster.

CPU libraries are slow at layers of 1, 6 and 16 channels. On blocks of pixels ("space to depth")
the same layers are products of well-shaped matrices:

====  ======================================  ==========================  ==============
C1    an 8x8 patch, one every 4 pixels        its 4x4 outputs x 6 maps    64 -> 96
C3    a 6x6 patch of S2's 6 maps, one every   its 2x2 outputs x 16 maps   216 -> 64
      2 pixels
====  ======================================  ==========================  ==============

The layout of a product, ``outputs = matrix @ inputs``::

    matrix                          inputs                      outputs
    one row for each output of      one column for each patch   rows as in matrix,
    a patch and each map            and each image, the image   columns as in inputs
                                    counting fastest

    rows of matrix and outputs: four groups, one for each place in a 2x2 pooling window
        group 0: upper left   in each window of the patch: every map
        group 1: upper right  in each window of the patch: every map
        group 2: lower left   in each window of the patch: every map
        group 3: lower right  in each window of the patch: every map

    a row of matrix: zero but for one copy of the map's 5x5 kernel, at that output's place

    inputs 8x8 of C1, outputs 4x4, windows 2x2:     . . . . . . . .
        the copy for the output in row 1, column 2  . . k k k k k .
        (group 2 of window 0, 1) lies at            . . k k k k k .
                                                    . . k k k k k .
                                                    . . k k k k k .
                                                    . . k k k k k .
                                                    . . . . . . . .
                                                    . . . . . . . .

So the kernels are copied into the large matrix, the gradients of the copies are summed, and
S2 and S4 are the mean or the maximum of four groups of rows (see `_fast_pooling`).

`LeNet5` is the reference: it has the same parameters and, except for rounding, the same results.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ._fast_activations import FAST_ACTIVATIONS
from ._fast_pooling import FAST_POOLINGS
from ._lenet5 import LeNet5
from ._shared_memory import SharedMemory

KERNEL = 5
"""Side of the kernels of C1 and C3."""

C1_PATCH = 8
"""Side of C1's patches. A new patch starts every four pixels."""

C3_BLOCKS = 3
"""A patch of C3 spans 3x3 blocks; a block is the 2x2 pixels that S2 makes of a patch of C1."""


class KernelCopies:
    """Where the matrix of a layer contains the copies of the layer's kernels.

    A patch has ``windows`` x ``windows`` pooling windows and four times as many outputs.
    """

    def __init__(self, maps: int, channels: int, windows: int) -> None:
        self.n_outputs = 4 * windows**2
        side = 2 * windows + KERNEL - 1
        self.shape = self.n_outputs * maps, side**2 * channels
        row, y, x = self.shape[1], side * channels, channels
        next_output = maps * row  # the same map of the next output
        self.sizes = 2, 2, windows, windows, maps, channels, KERNEL, KERNEL
        self.strides = (
            2 * windows**2 * next_output + y,  # the place in the pooling window, then the window
            windows**2 * next_output + x,
            windows * next_output + 2 * y,
            next_output + 2 * x,
            row,
            1,
            y,
            x,
        )

    def view(self, matrix: Tensor) -> Tensor:
        """Return a view of the copies in a matrix; the last four axes are those of the kernels."""
        return matrix.as_strided(self.sizes, self.strides)

    def sum(self, matrix: Tensor) -> Tensor:
        """Return the sum of the copies."""
        # All channels of a kernel's row are contiguous in the matrix, so copying is fast this way.
        copies = self.view(matrix).movedim(5, -1).contiguous()
        return copies.sum((0, 1, 2, 3)).movedim(-1, 1).contiguous()


class _FastConvolution:
    """A convolution with its activation and pooling, as a matrix product."""

    def __init__(
        self,
        layer: nn.Conv2d,
        copies: KernelCopies,
        activation: str,
        pooling: str,
        inputs: Tensor,
        memory: SharedMemory,
    ) -> None:
        self.copies, self.activation = copies, FAST_ACTIVATIONS[activation]
        self.weight, self.bias = layer.weight, layer.get_parameter("bias")
        rows, columns = copies.shape[0], inputs.shape[1]
        self.inputs, self.inputs_transposed = inputs, inputs.t()
        self.matrix, self.matrix_gradient = inputs.new_zeros(2, *copies.shape)
        self.matrix_transposed, self.kernels = self.matrix.t(), copies.view(self.matrix)
        self.biases = inputs.new_empty(copies.n_outputs, layer.out_channels)
        self.bias_column = self.biases.view(-1, 1)
        self.outputs = memory.empty(rows, columns)
        self.pooling = FAST_POOLINGS[pooling](self.outputs, self.activation, memory)
        self.maps = memory.empty(rows // 4, columns)
        self.gain = self.activation.gain_in * self.activation.gain_out * self.pooling.factor

    def forward(self) -> Tensor:
        """Return the pooled maps, a row for each window and each map."""
        self.kernels.copy_(self.weight)
        self.biases.copy_(self.bias)
        gain = self.activation.gain_in
        torch.addmm(
            self.bias_column, self.matrix, self.inputs, beta=gain, alpha=gain, out=self.outputs
        )
        pooled = self.pooling.forward()
        return self.activation.scale_and_shift(pooled, self.pooling.factor, out=self.maps)

    def backward(self, gradient: Tensor, gain: float) -> None:
        """Set the gradients of kernel and bias.

        The gradient of the pooled maps is ``gain * gradient``.
        """
        row_sums = self.pooling.backward(gradient)
        torch.mm(self.outputs, self.inputs_transposed, out=self.matrix_gradient)
        kernel_gradient = self.copies.sum(self.matrix_gradient)
        bias_gradient = row_sums.view(-1, len(self.bias)).sum(0)
        gain *= self.gain
        if gain != 1.0:
            kernel_gradient.mul_(gain)
            bias_gradient.mul_(gain)
        self.weight.grad, self.bias.grad = kernel_gradient, bias_gradient

    def backward_to_inputs(self) -> None:
        """Replace the inputs by their gradient, without the gains; call it after `backward`."""
        torch.mm(self.matrix_transposed, self.outputs, out=self.inputs)


class FastConvolutions:
    """C1, S2, C3 and S4 for batches of n images, in memory that they use again and again.

    One thread may use it at a time, and `backward` must come before the next `forward`.
    """

    @staticmethod
    def know(module: LeNet5) -> bool:
        """Return whether the fast passes know a module's input size, activation and pooling."""
        return (
            module.input_size % 4 == 0  # otherwise a patch would contain half a pooling window
            and module.activation in FAST_ACTIVATIONS
            and module.pooling in FAST_POOLINGS
        )

    def __init__(self, module: LeNet5, n: int, memory: SharedMemory) -> None:
        size = module.input_size
        blocks = (size - 4) // 4  # patches of C1 along a side
        patches = blocks - C3_BLOCKS + 1  # patches of C3 along a side
        activation, pooling = module.activation, module.pooling

        self.pixels = memory.empty(size * size, n)
        row = size * n
        shape = (C1_PATCH, C1_PATCH, blocks, blocks, n)
        self.patch_view = self.pixels.as_strided(shape, (row, n, 4 * row, 4 * n, 1))
        self.c1_inputs = memory.empty(*shape)
        matrix = self.c1_inputs.view(C1_PATCH**2, -1)
        c1, c3 = KernelCopies(6, 1, 2), KernelCopies(16, 6, 1)
        self.c1 = _FastConvolution(module.c1, c1, activation, pooling, matrix, memory)

        self.s2_gradient = memory.empty(2, 2, 6, blocks, blocks, n)
        pixel, row = self.s2_gradient.stride(1), self.s2_gradient.stride(3)
        self.c3_inputs = memory.empty(C3_BLOCKS, 2, C3_BLOCKS, 2, 6, patches, patches, n)
        self.c3_strides = (row, 2 * pixel, n, pixel, blocks * row, row, n, 1)
        matrix = self.c3_inputs.view((2 * C3_BLOCKS) ** 2 * 6, -1)
        self.c3 = _FastConvolution(module.c3, c3, activation, pooling, matrix, memory)
        self.block_pairs = [
            (self.s2_gradient[..., i : i + patches, j : j + patches, :], self.c3_inputs[i, :, j])
            for i in range(C3_BLOCKS)
            for j in range(C3_BLOCKS)
        ]

    def forward(self, fields: Tensor) -> Tensor:
        """Return S4's maps of (n, 1, size, size) fields, a column for each image."""
        self.pixels.copy_(fields.view(len(fields), -1).t())
        self.c1_inputs.copy_(self.patch_view)
        s2 = self.c1.forward()
        self.c3_inputs.copy_(s2.as_strided(self.c3_inputs.shape, self.c3_strides))
        return self.c3.forward().view(-1, len(fields))

    def backward(self, gradient: Tensor) -> None:
        """Set the gradients of C1 and C3 from the gradient of S4's maps."""
        self.c3.backward(gradient.view_as(self.c3.pooling.pooled), 1.0)
        self.c3.backward_to_inputs()
        self.s2_gradient.zero_()
        for s2_blocks, c3_blocks in self.block_pairs:
            s2_blocks.add_(c3_blocks)
        self.c1.backward(self.s2_gradient.view_as(self.c1.pooling.pooled), self.c3.gain)
