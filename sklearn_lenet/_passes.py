"""A net's passes, forward and backward: torch's own, or LeNet-5's written out by hand.

Torch notes every operation of a forward pass to find its way back. LeNet-5's way back is
known: written out it needs no notes, and its convolutions run as `_blocks`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Protocol

import torch
from torch import Tensor, nn

from ._blocks import SQUASHES, Blocks, Squash
from .modules import LeNet5, SeededDropout


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


def passes(module: nn.Module) -> Passes:
    """Return the fastest passes through a module, for one thread."""
    if isinstance(module, LeNet5) and module.c1.weight.device.type == "cpu" and Blocks.fit(module):
        return LeNet5Passes(module)
    return Passes(module)


class LeNet5Passes(Passes):
    """LeNet-5's passes on a CPU, written out; those of the module itself but for rounding."""

    def __init__(self, module: LeNet5) -> None:
        super().__init__(module)
        squash = SQUASHES[module.activation]
        self.blocks = cache(lambda n, dtype: Blocks(module, n, dtype))
        self.c5 = _Dense(module.c5, squash, module.c5_dropout)
        self.f6 = _Dense(module.f6, squash, module.f6_dropout)
        self.output = _Dense(module.output)

    @torch.no_grad()
    def forward(self, batch: Tensor) -> Tensor:
        """Return the logits."""
        maps = self.blocks(len(batch), batch.dtype).forward(batch)
        return self.output.forward(self.f6.forward(self.c5.forward(maps.t())))

    @torch.no_grad()
    def learn(
        self, batch: Tensor, targets: Sequence[Tensor], criterion: Criterion
    ) -> tuple[Tensor, Tensor]:
        """Set the gradients of all parameters; return the logits and the loss."""
        logits = self.forward(batch)
        loss, gradient = criterion.with_gradient(logits, targets)
        gradient = self.output.backward(gradient)
        gradient = self.f6.backward(gradient @ self.output.weight)
        gradient = self.c5.backward(gradient @ self.f6.weight)
        gradient = self.c5.weight.t() @ gradient.t()
        self.blocks(len(batch), batch.dtype).backward(gradient)
        return logits, loss


class _Dense:
    """A fully connected layer with the squashing and dropout behind it; rows are images."""

    def __init__(
        self,
        layer: nn.Linear | nn.Conv2d,
        squash: Squash | None = None,
        dropout: SeededDropout | None = None,
    ) -> None:
        self.layer, self.squash, self.dropout = layer, squash, dropout
        self.weight = layer.weight.detach().flatten(1)

    def forward(self, inputs: Tensor) -> Tensor:
        """Return what the next layer gets."""
        self.inputs = inputs
        if self.squash is None or self.dropout is None:
            return torch.addmm(self.layer.bias, inputs, self.weight.t())
        gain = self.squash.gain_in
        sums = torch.addmm(self.layer.bias, inputs, self.weight.t(), beta=gain, alpha=gain)
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
        self.layer.weight.grad = (gradient.t() @ self.inputs).view_as(self.layer.weight)
        self.layer.bias.grad = gradient.sum(0)
        return gradient
