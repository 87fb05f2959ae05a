"""Batches sliced from rows that lie on the device, the loss over them, and predictions."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from ._passes import passes

LIMIT = 1e4
"""No standardised pixel lies further out; it keeps the nets finite for any input."""

PREDICT_BATCH = 256
"""Rows that go through the net at once when it predicts."""

FEW = 32
"""Up to so many rows are predicted in double precision, which costs next to nothing there:
rounded, no digit of a row's answer depends on the rows beside it."""


def standardise(pixels: Tensor, mean: float, deviation: float, dtype: torch.dtype) -> Tensor:
    """Return the pixels as floats with the learned mean and deviation taken out."""
    batch = pixels.to(dtype, copy=True).sub_(mean).div_(deviation)
    if pixels.dtype is torch.uint8 and LIMIT * deviation >= 255:  # and the mean lies within 0..255
        return batch
    return batch.clamp_(-LIMIT, LIMIT)


def to_tensor(array: NDArray[Any]) -> Tensor:
    """Return a tensor on the array's memory; on a copy where torch could not read it as it is."""
    return torch.from_numpy(np.require(array, requirements=["C", "W"]))


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


class WeightedCrossEntropy(nn.Module):
    """Cross-entropy, its mean weighted by the rows' weights where they have any.

    Weights are relative to the mean weight of all rows, not of the batch: a batch that
    happens to hold light rows alone must not count as much as one of heavy rows.
    """

    def __init__(self, label_smoothing: float = 0.0) -> None:
        super().__init__()
        self.label_smoothing = label_smoothing

    def forward(self, logits: Tensor, targets: Sequence[Tensor]) -> Tensor:
        """Return the loss of a batch of `Rows.take`."""
        smoothing = self.label_smoothing
        if len(targets) == 1:
            return F.cross_entropy(logits, targets[0], label_smoothing=smoothing)
        codes, weights = targets
        losses = F.cross_entropy(logits, codes, reduction="none", label_smoothing=smoothing)
        return (losses * weights).mean()

    def with_gradient(self, logits: Tensor, targets: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        """Return the loss and its gradient by the logits, written out."""
        n, n_classes = logits.shape
        codes, *weights = targets
        wanted = _smoothed(n_classes, self.label_smoothing, logits.dtype, logits.device)
        wanted = wanted.index_select(0, codes)
        logs = logits.log_softmax(1)
        for weight in weights:
            wanted.mul_(weight[:, None])
        loss = torch.dot(logs.view(-1), wanted.view(-1)).div_(-n)
        gradient = logs.exp_()
        for weight in weights:
            gradient.mul_(weight[:, None])
        return loss, gradient.sub_(wanted).div_(n)


@cache
def _smoothed(n_classes: int, smoothing: float, dtype: torch.dtype, device: torch.device) -> Tensor:
    """Return what a net should answer for each class, a row each."""
    sure = torch.eye(n_classes, dtype=dtype, device=device) * (1.0 - smoothing)
    return sure + smoothing / n_classes


@torch.inference_mode()
def logits(
    module: nn.Module,
    pixels: NDArray[Any],
    *,
    mean: float,
    deviation: float,
    device: torch.device,
) -> Tensor:
    """Return the module's logits for the pixels, on the CPU, a batch at a time."""
    few = len(pixels) <= FEW and device.type != "mps"  # which knows no double
    dtype = torch.float64 if few else torch.float32
    through = passes(module, dtype)
    parts = [
        through.forward(standardise(batch.to(device), mean, deviation, dtype)).cpu()
        for batch in torch.split(to_tensor(pixels), PREDICT_BATCH)
    ]
    return torch.cat(parts).to(torch.float32)
