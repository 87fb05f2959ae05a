"""What is to be learned: labels as codes, weights of rows and classes, rows held back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split

from ._geometry import Pixels

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


def check_class_weight(class_weight: Any, classes: NDArray[Any]) -> None:
    """Raise a ValueError where a dict names a label that is not there, or a negative weight."""
    if not isinstance(class_weight, dict):
        return
    known = classes.tolist()
    for label, weight in class_weight.items():
        if label not in known:
            raise ValueError(
                f"class_weight holds the label {label!r}, but the classes are {known}."
            )
        if not weight >= 0:
            raise ValueError(
                f"class_weight holds {weight} for {label!r}, but no weight may be negative."
            )


def weights_of_rows(
    class_weight: Any, codes: Codes, weights: Weights | None, classes: NDArray[Any]
) -> Weights | None:
    """Return each row's weight times its class's; None where neither came."""
    if class_weight is None:
        return weights
    own = np.ones(len(codes)) if weights is None else weights
    if class_weight == "balanced":  # every class weighs as much, whatever its rows weigh
        sums = np.bincount(codes, own, minlength=len(classes))
        of_class = own.sum() / (np.count_nonzero(sums) * np.where(sums > 0, sums, 1.0))
    else:
        of_class = np.array([class_weight.get(label, 1.0) for label in classes.tolist()])
    both: Weights = own * of_class[codes]
    if not both.any():
        raise ValueError(
            "class_weight and sample_weight leave no row a weight, but at least one must be "
            "above zero."
        )
    return both


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
