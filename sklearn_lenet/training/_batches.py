"""Batches sliced from rows that lie on the device, the loss over them, and predictions."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ._standardise import standardise, to_tensor


class Rows(torch.utils.data.Dataset[Any]):
    """All training rows, resident on the device in the type they came in."""

    def __init__(
        self,
        pixels: NDArray[Any],
        codes: NDArray[np.int64],
        weights: NDArray[np.float64] | None,
        *,
        mean: float,
        deviation: float,
        dtype: torch.dtype,
        device: torch.device,
        augment: Callable[[Tensor], Tensor] | None = None,
    ) -> None:
        self.pixels = to_tensor(pixels).to(device)
        self.codes = torch.from_numpy(codes).to(device)
        if weights is not None:  # of mean 1, so that batches need no sum of their own weights
            weights = weights / weights.mean()
        self.weights = None if weights is None else to_tensor(weights).to(dtype).to(device)
        self.mean, self.deviation, self.dtype = mean, deviation, dtype
        self.augment = augment

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, index: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Return a batch: standardised pixels, and codes with weights where there are any."""
        targets: tuple[Tensor, ...] = (self.codes.index_select(0, index),)
        if self.weights is not None:
            targets += (self.weights.index_select(0, index),)
        pixels = self.pixels.index_select(0, index)
        batch = standardise(pixels, self.mean, self.deviation, self.dtype)
        return batch if self.augment is None else self.augment(batch), targets


class Batches:
    """Whole batches sliced from one tensor, in a new seeded order each pass."""

    def __init__(self, rows: Rows, batch_size: int, generator: torch.Generator) -> None:
        self.rows, self.batch_size, self.generator = rows, batch_size, generator

    def __len__(self) -> int:
        return math.ceil(len(self.rows) / self.batch_size)

    def __iter__(self) -> Iterator[tuple[Tensor, tuple[Tensor, ...]]]:
        order = torch.randperm(
            len(self.rows), generator=self.generator, device=self.generator.device
        )
        for index in torch.split(order, self.batch_size):
            yield self.rows.take(index)
