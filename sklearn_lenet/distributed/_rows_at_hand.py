"""RowsAtHand: the few rows that a calibration reads, fetched from the workers."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..training import Rows, Samples


class RowsAtHand:
    """All rows of a fit by their codes; the pixels of some of them are here after `fetch`."""

    def __init__(
        self, samples: Samples, device: torch.device, dtype: torch.dtype, augment: Any = None
    ) -> None:
        self.samples, self.augment = samples, augment
        self.device, self.dtype = device, dtype
        self.codes = torch.from_numpy(samples.codes).to(device)
        self._rows: Rows
        self._numbers: NDArray[Any] = np.empty(0, dtype=np.int64)

    def __len__(self) -> int:
        return len(self.samples)

    def with_augmentation(self, augment: Any) -> RowsAtHand:
        """Return the same rows with another augmentation, or without one."""
        rows = copy.copy(self)
        rows.augment = augment
        return rows

    def fetch(self, numbers: Tensor, fetched: Any, estimator: Any) -> None:
        """Fetch the pixels of some rows with a function of their numbers among all rows."""
        self._numbers = np.unique(numbers.cpu().numpy())
        chosen = self.samples.select(self._numbers)
        pixels = estimator._arrange(fetched(chosen.rows))
        rows = Rows(
            Samples(pixels, chosen.codes),
            estimator.pixel_scale_,
            dtype=self.dtype,
            device=self.device,
        )
        if chosen.weights is not None and self.samples.weights is not None:
            weights = chosen.weights / self.samples.weights.mean()
            rows.weights = torch.from_numpy(weights).to(self.device, self.dtype)
        self._rows = rows

    def take(self, index: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Return a batch of rows that have been fetched."""
        places = np.searchsorted(self._numbers, index.cpu().numpy())
        rows = self._rows.with_augmentation(self.augment)
        return rows.take(torch.from_numpy(places).to(self.device))
