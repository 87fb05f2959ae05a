"""Forward and backward passes: torch's own, or those of our nets written out by hand.

Torch records every operation of a forward pass for the backward pass. For our nets the backward
pass is known: written out it needs no record, and LeNet-5's convolutions run as
`_fast_convolutions`. Whatever the fast passes do not know takes torch's own passes.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from functools import cache
from typing import Protocol

import torch
from torch import Tensor, nn

from ._dense_net import DenseNet
from ._fast_activations import FAST_ACTIVATIONS
from ._fast_convolutions import FastConvolutions
from ._fast_dense import FastDenseLayer
from ._lenet5 import LeNet5


class Criterion(Protocol):
    """A loss that computes its own gradient."""

    def __call__(self, logits: Tensor, targets: Sequence[Tensor]) -> Tensor:
        """Return the loss."""

    def with_gradient(self, logits: Tensor, targets: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        """Return the loss and its gradient with respect to the logits."""


class Passes:
    """The forward and backward passes of any module, as torch computes them."""

    def __init__(self, module: nn.Module) -> None:
        self.module = module
        self.parameters = list(module.parameters())

    def forward(self, batch: Tensor) -> Tensor:
        """Return the logits."""
        logits: Tensor = self.module(batch)
        return logits

    def learn(
        self, batch: Tensor, targets: Sequence[Tensor], criterion: Criterion
    ) -> tuple[Tensor, Tensor]:
        """Set the gradients of all parameters; return the logits and the loss."""
        for parameter in self.parameters:
            parameter.grad = None
        logits = self.forward(batch)
        loss = criterion(logits, targets)
        loss.backward()
        return logits.detach(), loss.detach()


def passes(module: nn.Module, dtype: torch.dtype | None = None) -> Passes:
    """Return the fastest passes of a module, for use in one thread.

    With a ``dtype`` other than the module's own, only the forward pass may be used.
    """
    own = next(module.parameters())
    dtype = dtype or own.dtype
    if isinstance(module, DenseNet) and module.activation in FAST_ACTIVATIONS:
        return DensePasses(module, dtype)
    if isinstance(module, LeNet5) and own.device.type == "cpu" and FastConvolutions.know(module):
        return LeNet5Passes(module, dtype)
    return Passes(module if own.dtype == dtype else copy.deepcopy(module).to(dtype))


class _FastPasses(Passes):
    """The passes of fully connected layers, written out."""

    def __init__(self, module: nn.Module, layers: list[FastDenseLayer]) -> None:
        super().__init__(module)
        self.layers = layers

    @torch.no_grad()
    def forward(self, batch: Tensor) -> Tensor:
        """Return the logits."""
        for layer in self.layers:
            batch = layer.forward(batch)
        return batch

    @torch.no_grad()
    def learn(
        self, batch: Tensor, targets: Sequence[Tensor], criterion: Criterion
    ) -> tuple[Tensor, Tensor]:
        """Set the gradients of all parameters; return the logits and the loss."""
        logits = self.forward(batch)
        loss, gradient = criterion.with_gradient(logits, targets)
        self._backward(gradient)
        for parameter in self.parameters:
            if not parameter.requires_grad:  # frozen by a callback
                parameter.grad = None
        return logits, loss

    def _backward(self, gradient: Tensor) -> Tensor:
        """Set the gradients of all layers; return the first one's gradient before activation."""
        *lower, last = self.layers
        gradient, above = last.backward(gradient), last
        for layer in reversed(lower):
            gradient, above = layer.backward(gradient @ above.matrix), layer
        return gradient


class DensePasses(_FastPasses):
    """The passes of a dense net."""

    def __init__(self, module: DenseNet, dtype: torch.dtype) -> None:
        activation = FAST_ACTIVATIONS[module.activation]
        hidden = [
            FastDenseLayer(
                getattr(module, name), dtype, activation, getattr(module, f"{name}_dropout")
            )
            for name in (f"hidden{k}" for k in range(1, module.depth + 1))
        ]
        super().__init__(module, [*hidden, FastDenseLayer(module.output, dtype)])


class LeNet5Passes(_FastPasses):
    """The passes of LeNet-5 on a CPU; the results are those of the module except for rounding."""

    def __init__(self, module: LeNet5, dtype: torch.dtype) -> None:
        activation = FAST_ACTIVATIONS[module.activation]
        c5 = FastDenseLayer(module.c5, dtype, activation, module.c5_dropout)
        f6 = FastDenseLayer(module.f6, dtype, activation, module.f6_dropout)
        super().__init__(module, [c5, f6, FastDenseLayer(module.output, dtype)])
        self.convolutions = cache(lambda n: FastConvolutions(module, n, dtype))

    @torch.no_grad()
    def forward(self, batch: Tensor) -> Tensor:
        """Return the logits."""
        maps = self.convolutions(len(batch)).forward(batch)
        return super().forward(maps.t())

    def _backward(self, gradient: Tensor) -> Tensor:
        gradient = super()._backward(gradient)
        c5 = self.layers[0]
        self.convolutions(len(gradient)).backward(c5.matrix_transposed @ gradient.t())
        return gradient
