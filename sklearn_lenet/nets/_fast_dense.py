"""A fully connected layer with its forward and backward pass written out."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ._dropout import Dropout
from ._fast_activations import FastActivation


class FastDenseLayer:
    """A fully connected layer with its activation and dropout; each row is an image."""

    def __init__(
        self,
        layer: nn.Linear | nn.Conv2d,
        dtype: torch.dtype,
        activation: FastActivation | None = None,
        dropout: Dropout | None = None,
    ) -> None:
        self.activation, self.dropout = activation, dropout
        self.weight, self.bias = layer.weight, layer.get_parameter("bias")
        self.matrix = self.weight.detach().flatten(1).to(dtype)
        self.matrix_transposed = self.matrix.t()
        self.has_sigmoid = activation is not None and activation.core == "sigmoid"
        self.bias_row = self.bias.detach().to(dtype)

    def predict(self, inputs: Tensor) -> Tensor:
        """Return the inputs of the next layer, without dropout."""
        if self.activation is None:
            return torch.addmm(self.bias_row, inputs, self.matrix_transposed)
        return self.activation.scale_and_shift(self._core(self.activation, inputs))

    def forward(self, inputs: Tensor) -> Tensor:
        """Return the inputs of the next layer; keep what `backward` needs."""
        self.inputs = inputs
        if self.activation is None or self.dropout is None:
            return torch.addmm(self.bias_row, inputs, self.matrix_transposed)
        self.value = self._core(self.activation, inputs)
        outputs = self.activation.scale_and_shift(self.value)
        self.factors = self.dropout.factors(outputs)
        return outputs if self.factors is None else outputs * self.factors

    def _core(self, activation: FastActivation, inputs: Tensor) -> Tensor:
        gain = activation.gain_in
        sums = torch.addmm(self.bias_row, inputs, self.matrix_transposed, beta=gain, alpha=gain)
        return activation.core_(sums)

    def backward(self, gradient: Tensor) -> Tensor:
        """Set the gradients of weight and bias; return the gradient before the activation."""
        if self.activation is not None:
            if self.factors is not None:
                gradient = gradient * self.factors
            self.activation.backward_(gradient, self.value)
            gradient = self.value
            gain = self.activation.gain_in * self.activation.gain_out
            if gain != 1.0:
                gradient.mul_(gain)
        if self.weight.grad is None:
            self.weight.grad = torch.empty_like(self.weight)
        torch.mm(gradient.t(), self.inputs, out=self.weight.grad.view_as(self.matrix))
        self.bias.grad = gradient.sum(0)
        return gradient
