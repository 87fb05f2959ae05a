"""SharedMemory: memory that the passes for batches of several sizes share."""

from __future__ import annotations

import math

import torch
from torch import Tensor


class SharedMemory:
    """Memory for the tensors of batches of up to ``n`` rows, of which one is in use at a time.

    Each size of batches asks for the same tensors in the same order, after `restart`. The largest
    size must come first.

    >>> memory = SharedMemory(4, torch.float32)
    >>> large = memory.empty(4, 2).fill_(1.0)
    >>> memory.restart()
    >>> memory.empty(3, 2).sum()
    tensor(6.)
    """

    def __init__(self, n: int, dtype: torch.dtype) -> None:
        self.n, self.dtype = n, dtype
        self._parts: list[Tensor] = []
        self._used = 0

    def restart(self) -> None:
        """Begin anew, for batches of another size."""
        self._used = 0

    def empty(self, *shape: int) -> Tensor:
        """Return the next tensor; its values are any."""
        n_values = math.prod(shape)
        if self._used == len(self._parts):
            self._parts.append(torch.empty(n_values, dtype=self.dtype))
        part = self._parts[self._used][:n_values]
        self._used += 1
        return part.view(shape)
