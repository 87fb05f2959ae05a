"""GroupSum: the sum of a tensor over all workers, which may be under way during other work."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ._groups import Groups


class GroupSum:
    """Sums a tensor over the workers of a fit, again and again.

    All workers must call `expect`, `begin` and `end` in this order, equally often. A worker may do
    other work before `begin` and before `end`. In a single worker, the sum is the tensor itself.
    """

    def __init__(self, groups: Groups, rank: int, tensor: Tensor) -> None:
        self.groups = groups
        self.values = self.total = tensor
        """Where the values of a worker are before `begin`, and the sum after `end`."""
        self._works: list[Any] = []
        # An all-reduce of gloo hands the work on to threads of its own. A few workers are faster
        # if each sends its tensor to the others.
        ranks = range(len(groups.by_sender))
        self._rank, self._others = rank, [k for k in ranks if k != rank]
        self._parts = [tensor if k == rank else torch.empty_like(tensor) for k in ranks]
        """The tensors of all workers; those of the others are received."""

    def expect(self) -> None:
        """Get ready to receive: a tensor that is expected is sent without a question."""
        by_sender = self.groups.by_sender
        self._works = [by_sender[k].recv([self._parts[k]], k, 0) for k in self._others]

    def begin(self) -> None:
        """Send the values."""
        if self._parts:
            own = self.groups.by_sender[self._rank]
            self._works += [own.send([self.total], k, 0) for k in self._others]
        elif self.groups.whole is not None:
            self._works = [self.groups.whole.allreduce([self.total])]

    def end(self) -> Tensor:
        """Return the sum."""
        for work in self._works:
            work.wait()
        self._works = []
        if self._parts:
            total, *others = self._parts  # all workers add in this order, for the same bits
            for part in others:
                total.add_(part)
            if total is not self.total:
                self.total.copy_(total)
        return self.total

    def close(self) -> None:
        """Do nothing: the connections belong to the groups."""
