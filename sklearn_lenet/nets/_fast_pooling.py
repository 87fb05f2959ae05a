"""The 2x2 poolings of the fast forward and backward passes, with the activation before them.

A pooling gets the outputs of a convolution as a matrix whose rows are in four groups, one for
each place in the 2x2 window (see `_fast_convolutions`). It pools the four groups to one.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ._fast_activations import FastActivation
from ._shared_memory import SharedMemory


class FastMaxPooling:
    """Max pooling and the activation.

    Activations are monotonic, so max-pooling first gives the same result with a quarter of the
    work. The backward pass overwrites the outputs with their gradients.
    """

    factor = 1.0
    """What `pooled` must be multiplied by."""

    def __init__(self, outputs: Tensor, activation: FastActivation, memory: SharedMemory) -> None:
        rows, columns = outputs.shape
        self.activation = activation
        self.pairs = memory.empty(rows // 2, columns)
        self.pooled = memory.empty(rows // 4, columns)
        self.output_halves, self.pair_halves = outputs.chunk(2), self.pairs.chunk(2)

    def forward(self) -> Tensor:
        """Return the core of the activation of the largest output in each window."""
        torch.maximum(*self.output_halves, out=self.pairs)
        torch.maximum(*self.pair_halves, out=self.pooled)
        return self.activation.core_(self.pooled)

    def backward(self, gradient: Tensor) -> Tensor:
        """Replace the outputs by their gradients; return the sum of the gradients in each row."""
        self.activation.backward_(gradient, self.pooled)
        row_sums = self.pooled.sum(1)
        _to_the_larger(self.pooled, *self.pair_halves)
        _to_the_larger(self.pairs, *self.output_halves)
        return row_sums


class FastAveragePooling:
    """The activation and average pooling. The backward pass overwrites the outputs."""

    factor = 0.25
    """What `pooled`, a sum of four, must be multiplied by."""

    def __init__(self, outputs: Tensor, activation: FastActivation, memory: SharedMemory) -> None:
        rows, columns = outputs.shape
        self.activation, self.outputs = activation, outputs
        self.windows = outputs.view(4, rows // 4, columns)
        self.pooled = memory.empty(rows // 4, columns)

    def forward(self) -> Tensor:
        """Return the sum of the core of the activation over each window."""
        self.activation.core_(self.outputs)
        return torch.sum(self.windows, 0, out=self.pooled)

    def backward(self, gradient: Tensor) -> Tensor:
        """Replace the outputs by their gradients; return the sum of the gradients in each row."""
        self.activation.backward_(gradient.expand_as(self.windows), self.windows)
        return self.outputs.sum(1)


def _to_the_larger(gradient: Tensor, first: Tensor, second: Tensor) -> None:
    """Replace the larger of two values by the gradient of their maximum, the other one by 0."""
    torch.ge(first, second, out=first).mul_(gradient)
    torch.sub(gradient, first, out=second)


FAST_POOLINGS: dict[str, Any] = {"max": FastMaxPooling, "avg": FastAveragePooling}
"""The poolings that the fast passes know. A net with any other one uses torch's own passes."""
