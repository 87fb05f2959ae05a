"""GroupSum: the sum of a tensor over all workers, which may be under way during other work."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


class GroupSum:
    """Sums a tensor over the workers of a group of torch, again and again.

    All workers must call `expect`, `begin` and `end` in this order, equally often. A worker may do
    other work before `begin` and before `end`. Without a group, the sum is the tensor itself.
    """

    def __init__(self, group: Any, rank: int, tensor: Tensor) -> None:
        self.group, self.tensor = group, tensor
        self._works: list[Any] = []
        # An all-reduce of gloo hands the work on to threads of its own. Two workers are faster
        # if each sends its tensor to the other.
        is_pair = group is not None and group.size() == 2 and tensor.device.type == "cpu"
        self._other = 1 - rank if is_pair else None
        self._received = torch.empty_like(tensor) if is_pair else None

    def expect(self) -> None:
        """Get ready to receive: a tensor that is expected is sent without a question."""
        if self._received is not None:
            self._works = [self.group.recv([self._received], self._other, 0)]

    def begin(self) -> None:
        """Send the present values of the tensor."""
        if self._received is not None:
            self._works.append(self.group.send([self.tensor], self._other, 0))
        elif self.group is not None:
            self._works = [self.group.allreduce([self.tensor])]

    def end(self) -> Tensor:
        """Return the tensor, which is the sum now."""
        for work in self._works:
            work.wait()
        self._works = []
        if self._received is not None:
            self.tensor.add_(self._received)
        return self.tensor
