"""What is to be learned: labels as codes, weights of rows and classes, rows held back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split

from ..utils import Pixels

Codes = NDArray[np.int64]

Weights = NDArray[np.float64]


def encoded(y: Any, classes: NDArray[Any], what: str, name: str) -> Codes:
    """Return the place of each label among the sorted classes."""
    labels, codes = np.unique(y, return_inverse=True)
    unseen = np.setdiff1d(labels, classes)
    if unseen.size:
        raise ValueError(
            f"{what} holds the labels {unseen.tolist()}, but {name} knows {classes.tolist()}."
        )
    places: Codes = np.searchsorted(classes, labels)[codes]
    return places


def split_off(
    fraction: float,
    seed: int,
    rows: Pixels,
    codes: Codes,
    weights: Weights | None,
) -> tuple[tuple[Pixels, Codes, Weights | None], tuple[Pixels, Codes, Weights | None]]:
    """Return the rows to train on and those held back, with each class's share in both."""
    n_classes, held = len(np.unique(codes)), int(np.ceil(fraction * len(codes)))
    fewest = np.bincount(codes).min(where=np.bincount(codes) > 0, initial=len(codes))
    if fewest < 2 or min(held, len(codes) - held) < n_classes:
        raise ValueError(
            f"early_stopping holds validation_fraction={fraction} of {len(codes)} rows back, but "
            f"{n_classes} classes need at least a row each on both sides: pass more rows, X_val "
            "and y_val, or early_stopping=False."
        )
    train, validation = train_test_split(
        np.arange(len(codes)), test_size=held, stratify=codes, random_state=seed % 2**32
    )
    parts = [
        (rows[part], codes[part], None if weights is None else weights[part])
        for part in (np.sort(train), np.sort(validation))
    ]
    return parts[0], parts[1]
