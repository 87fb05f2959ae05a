"""A net's passes, forward and backward: torch's own, or our nets' written out by hand.

Torch notes every operation of a forward pass to find its way back. The way back through
our nets is known: written out it needs no notes, and LeNet-5's convolutions run as `_blocks`.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from functools import cache
from typing import Protocol

import torch
from torch import Tensor, nn

from ._dense_net import DenseNet
from ._fast_activations import SQUASHES
from ._fast_convolutions import Blocks
from ._fast_dense import DenseLayer
from ._lenet5 import LeNet5


class Criterion(Protocol):
    """A loss that knows its own gradient."""

    def __call__(self, logits: Tensor, targets: Sequence[Tensor]) -> Tensor:
        """Return the loss."""

    def with_gradient(self, logits: Tensor, targets: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        """Return the loss and its gradient by the logits."""


class Passes:
    """The passes of any module, as torch makes them."""

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
    """Return the fastest passes through a module, for one thread.

    In another precision than the module's own they only go forward.
    """
    own = next(module.parameters())
    dtype = dtype or own.dtype
    if isinstance(module, DenseNet):
        return DensePasses(module, dtype)
    if isinstance(module, LeNet5) and own.device.type == "cpu" and Blocks.fit(module):
        return LeNet5Passes(module, dtype)
    return Passes(module if own.dtype == dtype else copy.deepcopy(module).to(dtype))


class _Written(Passes):
    """The passes through fully connected layers, written out."""

    def __init__(self, module: nn.Module, layers: list[DenseLayer]) -> None:
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
        self._back(gradient)
        for parameter in self.parameters:
            if not parameter.requires_grad:  # frozen by a callback
                parameter.grad = None
        return logits, loss

    def _back(self, gradient: Tensor) -> Tensor:
        """Set the gradients of all layers; return that of the first one's sums."""
        *lower, top = self.layers
        gradient, above = top.backward(gradient), top
        for layer in reversed(lower):
            gradient, above = layer.backward(gradient @ above.matrix), layer
        return gradient


class DensePasses(_Written):
    """A dense net's passes."""

    def __init__(self, module: DenseNet, dtype: torch.dtype) -> None:
        squash = SQUASHES[module.activation]
        hidden = [
            DenseLayer(getattr(module, name), dtype, squash, getattr(module, f"{name}_dropout"))
            for name in (f"hidden{k}" for k in range(1, module.depth + 1))
        ]
        super().__init__(module, [*hidden, DenseLayer(module.output, dtype)])


class LeNet5Passes(_Written):
    """LeNet-5's passes on a CPU: those of the module itself but for rounding."""

    def __init__(self, module: LeNet5, dtype: torch.dtype) -> None:
        squash = SQUASHES[module.activation]
        c5 = DenseLayer(module.c5, dtype, squash, module.c5_dropout)
        f6 = DenseLayer(module.f6, dtype, squash, module.f6_dropout)
        super().__init__(module, [c5, f6, DenseLayer(module.output, dtype)])
        self.blocks = cache(lambda n: Blocks(module, n, dtype))

    @torch.no_grad()
    def forward(self, batch: Tensor) -> Tensor:
        """Return the logits."""
        maps = self.blocks(len(batch)).forward(batch)
        return super().forward(maps.t())

    def _back(self, gradient: Tensor) -> Tensor:
        sums = super()._back(gradient)
        self.blocks(len(sums)).backward(self.layers[0].matrix_across @ sums.t())
        return sums
