"""The weights of a module as a whole: copied, restored, averaged over the steps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import get_ema_multi_avg_fn

AVERAGED_STEPS = 500
"""The moving average covers about this number of the last steps."""


def weights_of(module: nn.Module) -> list[Tensor]:
    """Return the parameters, and the running means and variances of normalisations."""
    buffers = [buffer for buffer in module.buffers() if buffer.is_floating_point()]
    return [*module.parameters(), *buffers]


def copy_weights(module: nn.Module) -> list[Tensor]:
    """Return a copy of the weights."""
    return [weight.detach().clone() for weight in weights_of(module)]


@torch.no_grad()
def restore_weights(module: nn.Module, weights: list[Tensor]) -> None:
    """Give the module the weights of a copy."""
    for weight, value in zip(weights_of(module), weights, strict=True):
        weight.copy_(value)


class WeightAverage:
    """An exponential moving average of a module's weights; at first, of all steps."""

    def __init__(self, module: nn.Module) -> None:
        self.module, self.weights, self.steps = module, copy_weights(module), 0

    def update(self) -> None:
        """Include the module's weights after a step."""
        self.steps += 1
        decay = self.steps / (self.steps + 10) * (1 - 1 / AVERAGED_STEPS)
        get_ema_multi_avg_fn(decay)(self.weights, weights_of(self.module), None)

    def apply(self) -> None:
        """Give the module the averaged weights."""
        restore_weights(self.module, self.weights)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Give the module the averaged weights inside a ``with`` block."""
        own = copy_weights(self.module)
        self.apply()
        try:
            yield
        finally:
            restore_weights(self.module, own)
