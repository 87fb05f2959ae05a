"""Class weights: their check, and the weight of each row."""

from __future__ import annotations

import math
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._samples import Codes, Weights


def check_class_weight(class_weight: Any, classes: NDArray[Any]) -> None:
    """Raise a ValueError if a dict contains an unknown label or a negative weight."""
    if not isinstance(class_weight, dict):
        return
    known = classes.tolist()
    for label, weight in class_weight.items():
        if label not in known:
            raise ValueError(
                f"class_weight contains the label {label!r}, but the classes are {known}."
            )
        if not _is_weight(weight):
            raise ValueError(
                f"class_weight contains the weight {_short(weight)} for {label!r}: use a finite "
                "number of 0 or more."
            )


def _short(value: Any) -> str:
    """Return the repr of a value, shortened to 40 characters."""
    try:
        text = repr(value)
    except ValueError:  # an integer of thousands of digits
        return "a very large integer"
    return text if len(text) <= 40 else f"{text[:37]}..."


def _is_weight(weight: Any) -> bool:
    """Return whether a value is a finite number of at least 0."""
    try:
        return isinstance(weight, Real) and 0 <= float(weight) < math.inf
    except OverflowError:
        return False


def row_weights(
    class_weight: Any, codes: Codes, sample_weight: Weights | None, classes: NDArray[Any]
) -> Weights | None:
    """Return each row's weight times the weight of its class; None if neither is given."""
    if class_weight is None:
        return sample_weight
    own = np.ones(len(codes)) if sample_weight is None else sample_weight
    if class_weight == "balanced":  # the rows of each class have the same sum of weights
        sums = np.bincount(codes, own, minlength=len(classes))
        of_class = own.sum() / (np.count_nonzero(sums) * np.where(sums > 0, sums, 1.0))
    else:
        of_class = np.array([float(class_weight.get(label, 1.0)) for label in classes.tolist()])
    weights: Weights = own * of_class[codes]
    if not weights.any():
        raise ValueError(
            "class_weight and sample_weight give every row the weight zero: at least one row must "
            "have a weight above zero."
        )
    return weights
