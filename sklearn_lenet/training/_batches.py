"""Batches: slices of training rows that lie on the device."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import torch
from numpy.typing import NDArray
from skorch.dataset import Dataset
from torch import Tensor

from ..utils import PixelScale
from ._samples import Samples
from ._standardise import standardise, to_tensor


class TrainingData(Protocol):
    """What the training loop trains on: rows of pixels, or lines."""

    dtype: torch.dtype

    @property
    def device(self) -> torch.device:
        """Return the device of the batches."""

    @property
    def y(self) -> Any:
        """Return the codes."""

    def __len__(self) -> int: ...

    def batches(self, order: Tensor, batch_size: int) -> Iterator[Tensor]:
        """Yield the indices of the batches, given a random order."""

    def take(self, index: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Return a batch and its targets."""


class Rows(Dataset):
    """Samples on the device, with pixels of the type that they had.

    Callbacks of skorch may use it as any other dataset: row by row, or whole as ``X`` and ``y``.
    """

    def __init__(
        self,
        samples: Samples,
        scale: PixelScale,
        *,
        dtype: torch.dtype,
        device: torch.device,
        augment: Callable[[Tensor], Tensor] | None = None,
    ) -> None:
        self.pixels = to_tensor(samples.rows).to(device)
        self.codes = torch.from_numpy(samples.codes).to(device)
        self.weights: Tensor | None = None
        if samples.weights is not None:
            # Weights have the mean 1, so that a batch needs no sum of its own weights.
            weights = samples.weights / samples.weights.mean()
            self.weights = to_tensor(weights).to(dtype).to(device)
        self.scale, self.dtype, self.augment = scale, dtype, augment

    def __len__(self) -> int:
        return len(self.codes)

    def with_augmentation(self, augment: Callable[[Tensor], Tensor] | None) -> Rows:
        """Return the same rows, not copied, with another augmentation, or without one."""
        rows = copy.copy(self)
        rows.augment = augment
        return rows

    @property
    def device(self) -> torch.device:
        """Return the device on which the rows are."""
        return self.codes.device

    @property
    def X(self) -> Tensor:  # noqa: N802 - skorch's name
        """Return all standardised pixels, without augmentation."""
        return standardise(self.pixels, self.scale, self.dtype)

    @property
    def y(self) -> NDArray[Any]:
        """Return the codes."""
        codes: NDArray[Any] = self.codes.cpu().numpy()
        return codes

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        """Return the standardised pixels and the code of a row, without augmentation."""
        return standardise(self.pixels[index], self.scale, self.dtype), self.codes[index]

    def batches(self, order: Tensor, batch_size: int) -> Iterator[Tensor]:
        """Yield the indices of the batches of rows in a given order."""
        yield from torch.split(order, batch_size)

    def take(self, index: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Return a batch: standardised pixels, and a tuple of codes and, if any, weights."""
        targets: tuple[Tensor, ...] = (self.codes.index_select(0, index),)
        if self.weights is not None:
            targets += (self.weights.index_select(0, index),)
        batch = standardise(self.pixels.index_select(0, index), self.scale, self.dtype)
        return batch if self.augment is None else self.augment(batch), targets


class Batches:
    """The batches of one epoch, in a seeded random order that is new in each epoch."""

    def __init__(self, rows: TrainingData, batch_size: int, generator: torch.Generator) -> None:
        self.rows, self.batch_size, self.generator = rows, batch_size, generator

    def __len__(self) -> int:
        return math.ceil(len(self.rows) / self.batch_size)

    def __iter__(self) -> Iterator[tuple[Tensor, tuple[Tensor, ...]]]:
        order = torch.randperm(
            len(self.rows), generator=self.generator, device=self.generator.device
        )
        for index in self.rows.batches(order, self.batch_size):
            yield self.rows.take(index)
