"""Class weights: their check, and the weight of each row."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._samples import Codes, Weights


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
