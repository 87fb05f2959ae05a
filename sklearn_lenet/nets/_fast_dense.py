"""A fully connected layer with its forward and backward pass written out."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ._dropout import SeededDropout
from ._fast_activations import Squash


class DenseLayer:
    """A fully connected layer with the squashing and dropout behind it; rows are images."""

    def __init__(
        self,
        layer: nn.Linear | nn.Conv2d,
        dtype: torch.dtype,
        squash: Squash | None = None,
        dropout: SeededDropout | None = None,
    ) -> None:
        self.squash, self.dropout = squash, dropout
        self.weight, self.bias = layer.weight, layer.get_parameter("bias")
        self.matrix = self.weight.detach().flatten(1).to(dtype)
        self.matrix_across = self.matrix.t()
        self.row = self.bias.detach().to(dtype)

    def forward(self, inputs: Tensor) -> Tensor:
        """Return what the next layer gets."""
        self.inputs = inputs
        if self.squash is None or self.dropout is None:
            return torch.addmm(self.row, inputs, self.matrix_across)
        gain = self.squash.gain_in
        sums = torch.addmm(self.row, inputs, self.matrix_across, beta=gain, alpha=gain)
        self.value = self.squash.core_(sums)
        outputs = self.squash.rest(self.value)
        self.factors = self.dropout.factors(outputs)
        return outputs if self.factors is None else outputs * self.factors

    def backward(self, gradient: Tensor) -> Tensor:
        """Set the gradients of weight and bias; return that of the sums before the squashing."""
        if self.squash is not None:
            if self.factors is not None:
                gradient = gradient * self.factors
            self.squash.backward_(gradient, self.value)
            gradient = self.value
            gain = self.squash.gain_in * self.squash.gain_out
            if gain != 1.0:
                gradient.mul_(gain)
        self.weight.grad = (gradient.t() @ self.inputs).view_as(self.weight)
        self.bias.grad = gradient.sum(0)
        return gradient
