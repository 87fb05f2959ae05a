"""A module's weights as a whole: copied, put back, checked, averaged over the steps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import get_ema_multi_avg_fn

HORIZON = 500
"""Over about how many of the last steps weights are averaged."""


def copied(module: nn.Module) -> list[Tensor]:
    """Return a copy of the weights."""
    return [parameter.detach().clone() for parameter in module.parameters()]


@torch.no_grad()
def put_back(module: nn.Module, weights: list[Tensor]) -> None:
    """Give the module the values of a copy."""
    for parameter, value in zip(module.parameters(), weights, strict=True):
        parameter.copy_(value)


def all_finite(module: nn.Module) -> bool:
    """Return whether every weight is a finite number."""
    return all(bool(parameter.isfinite().all()) for parameter in module.parameters())


class Average:
    """An exponential moving average of a module's weights; of all of them early on."""

    def __init__(self, module: nn.Module) -> None:
        self.module, self.weights, self.steps = module, copied(module), 0

    def follow(self) -> None:
        """Take the module's weights after a step into the average."""
        self.steps += 1
        decay = self.steps / (self.steps + 10) * (1 - 1 / HORIZON)
        get_ema_multi_avg_fn(decay)(self.weights, list(self.module.parameters()), None)

    def settle(self) -> None:
        """Give the module the averaged weights."""
        put_back(self.module, self.weights)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Give the module the averaged weights for a while."""
        own = copied(self.module)
        self.settle()
        try:
            yield
        finally:
            put_back(self.module, own)
