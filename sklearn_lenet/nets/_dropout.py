"""Dropout with a random generator of its own."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class SeededDropout(nn.Module):
    """Dropout that draws from a generator of its own.

    ``nn.Dropout`` can only draw from torch's global random state, which belongs
    to the caller. Whoever trains the module sets ``generator``; None is the
    global state.
    """

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p
        self.generator: torch.Generator | None = None

    def forward(self, a: Tensor) -> Tensor:
        """Drop a share of the values and scale up the rest, in training only."""
        factors = self.factors(a)
        return a if factors is None else a * factors

    def factors(self, a: Tensor) -> Tensor | None:
        """Return 0 for each value to drop, what scales it up for each to keep; None: as it is."""
        if not self.training or self.p == 0.0:
            return None
        keep = torch.empty_like(a).bernoulli_(1.0 - self.p, generator=self.generator)
        return keep.div_(1.0 - self.p)

    def extra_repr(self) -> str:
        """Show the share in the module's repr."""
        return f"p={self.p}"
