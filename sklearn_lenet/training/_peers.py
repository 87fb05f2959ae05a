"""Peers: the processes that train a net together; `Alone` is the training in one process."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from torch import Tensor, nn

from ..nets import Criterion, Passes


class Peers(Protocol):
    """The processes that take the steps of a training together, each with a share of the rows."""

    def learn(
        self, fast: Passes, batch: Tensor, targets: Sequence[Tensor], criterion: Criterion
    ) -> tuple[Tensor, Tensor]:
        """Set the gradients of the share, and send them; return its logits and its loss."""

    def average(self) -> None:
        """Replace the gradients of the share by those of the whole batch."""

    def totals(self, *values: float) -> tuple[float, ...]:
        """Return the sums of values over all processes."""

    def align(self, module: nn.Module) -> None:
        """Give the modules of all processes the same weights, to the last bit."""


class Alone:
    """A training in one process, which has all rows."""

    def learn(
        self, fast: Passes, batch: Tensor, targets: Sequence[Tensor], criterion: Criterion
    ) -> tuple[Tensor, Tensor]:
        """Set the gradients of the batch; return the logits and the loss."""
        return fast.learn(batch, targets, criterion)

    def average(self) -> None:
        """Do nothing."""

    def totals(self, *values: float) -> tuple[float, ...]:
        """Return the values."""
        return values

    def align(self, module: nn.Module) -> None:
        """Do nothing."""
