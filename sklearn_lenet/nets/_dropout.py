"""Dropout with a random generator of its own."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ._batch_share import BatchShare


class Dropout(nn.Dropout):
    """Dropout that draws from its own generator.

    ``nn.Dropout`` can only draw from torch's global random state, which belongs to the
    caller. The training loop sets ``generator``; None uses the global state. ``share`` is set
    where several processes share a batch.
    """

    def __init__(self, p: float) -> None:
        super().__init__(p)
        self.generator: torch.Generator | None = None
        self.share: BatchShare | None = None

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 - torch's name
        """Set a random share of the values to zero and scale up the others, in training only."""
        factors = self.factors(input)
        return input if factors is None else input * factors

    def factors(self, a: Tensor) -> Tensor | None:
        """Return the factor of each value, 0 or 1 / (1 - p); None if nothing is dropped."""
        if not self.training or self.p == 0.0:
            return None
        share = self.share
        shape = a.shape if share is None else (share.n, *a.shape[1:])
        keep = a.new_empty(shape).bernoulli_(1.0 - self.p, generator=self.generator)
        if share is not None:
            keep = keep[share.places]
        return keep.div_(1.0 - self.p)


def set_dropout(module: nn.Module, p: float) -> None:
    """Set the share that all dropout layers of a module set to zero."""
    for layer in module.modules():
        if isinstance(layer, Dropout):
            layer.p = p
