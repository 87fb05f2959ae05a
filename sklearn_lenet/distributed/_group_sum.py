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
        self.groups, self.tensor = groups, tensor
        self._works: list[Any] = []
        # An all-reduce of gloo hands the work on to threads of its own. Two workers are faster
        # if each sends its tensor to the other.
        self._rank, self._other = rank, 1 - rank
        self._received = torch.empty_like(tensor) if groups.by_sender else None

    def expect(self) -> None:
        """Get ready to receive: a tensor that is expected is sent without a question."""
        if self._received is not None:
            group = self.groups.by_sender[self._other]
            self._works = [group.recv([self._received], self._other, 0)]

    def begin(self) -> None:
        """Send the present values of the tensor."""
        if self._received is not None:
            group = self.groups.by_sender[self._rank]
            self._works.append(group.send([self.tensor], self._other, 0))
        elif self.groups.whole is not None:
            self._works = [self.groups.whole.allreduce([self.tensor])]

    def end(self) -> Tensor:
        """Return the tensor, which is the sum now."""
        for work in self._works:
            work.wait()
        self._works = []
        if self._received is not None:
            self.tensor.add_(self._received)
        return self.tensor
