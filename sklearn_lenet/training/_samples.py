"""Samples: rows with their class codes and weights, and the validation rows split off from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split

from ..utils import Pixels

Codes = NDArray[np.int64]
"""The index of each row's label in ``classes_``."""

Weights = NDArray[np.float64]
"""One weight per row."""


@dataclass(frozen=True)
class Samples:
    """Rows with their class codes and, where the rows have any, their weights."""

    rows: Pixels
    codes: Codes
    weights: Weights | None = None

    def __len__(self) -> int:
        return len(self.codes)

    def select(self, index: NDArray[Any]) -> Samples:
        """Return the samples at an index or under a mask."""
        weights = None if self.weights is None else self.weights[index]
        return Samples(self.rows[index], self.codes[index], weights)

    def without_zero_weights(self) -> Samples:
        """Return the samples whose weight is not zero."""
        if self.weights is None or self.weights.all():
            return self
        return self.select(self.weights > 0)

    def split(self, validation_fraction: float, seed: int) -> tuple[Samples, Samples]:
        """Return training samples and validation samples, stratified by class."""
        n_classes = len(np.unique(self.codes))
        n_validation = int(np.ceil(validation_fraction * len(self)))
        counts = np.bincount(self.codes)
        if counts[counts > 0].min() < 2 or min(n_validation, len(self) - n_validation) < n_classes:
            raise ValueError(
                f"early_stopping with validation_fraction={validation_fraction} and {len(self)} "
                f"rows leaves one of {n_classes} classes without a training or a validation row: "
                "pass more rows, X_val and y_val, or early_stopping=False."
            )
        training, validation = train_test_split(
            np.arange(len(self)),
            test_size=n_validation,
            stratify=self.codes,
            random_state=seed % 2**32,
        )
        return self.select(np.sort(training)), self.select(np.sort(validation))


def encode(y: Any, classes: NDArray[Any], argument: str, name: str) -> Codes:
    """Return the index of each label in the sorted classes."""
    labels, codes = np.unique(y, return_inverse=True)
    unseen = np.setdiff1d(labels, classes)
    if unseen.size:
        raise ValueError(
            f"{argument} contains the labels {unseen.tolist()}, but the classes of {name} are "
            f"{classes.tolist()}."
        )
    indices: Codes = np.searchsorted(classes, labels)[codes]
    return indices
