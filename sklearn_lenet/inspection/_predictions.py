"""Check the labels and probabilities that a display gets."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_array, check_consistent_length, column_or_1d


def check_predictions(
    y_true: Any, y_prob: Any, classes: Any
) -> tuple[NDArray[Any], NDArray[np.float64], NDArray[Any]]:
    """Return the true labels, a row of probabilities for each, and the labels of the columns."""
    y_true = column_or_1d(y_true)
    y_prob = check_array(y_prob, dtype=np.float64, input_name="y_prob")
    check_consistent_length(y_true, y_prob)
    labels = np.arange(y_prob.shape[1]) if classes is None else np.asarray(classes)
    if len(labels) != y_prob.shape[1]:
        raise ValueError(
            f"y_prob has {y_prob.shape[1]} columns but classes has {len(labels)} labels; pass "
            "one label for each column."
        )
    if y_prob.min() < 0 or y_prob.max() > 1 + 1e-6:
        raise ValueError(
            f"y_prob has values from {y_prob.min():g} to {y_prob.max():g}; pass probabilities "
            "from 0 to 1."
        )
    return y_true, y_prob, labels
