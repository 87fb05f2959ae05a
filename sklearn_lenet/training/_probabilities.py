"""Probabilities: the softmax of logits, in float32 rows that sum to 1."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


def probabilities(logits: Tensor) -> NDArray[np.float32]:
    """Return the softmax of each row, computed in float64 and rounded once.

    The second largest probability of a row takes the rounding error of the others. So the sum
    of a row, and the sum of its mean over several nets, differs from 1 by less than the 1.5e-8
    that scikit-learn's metrics allow in float64.

    >>> probabilities(torch.tensor([[0.0, 0.0], [1.0, 3.0]])).tolist()
    [[0.5, 0.5], [0.11920291185379028, 0.8807970881462097]]
    """
    exact = logits.softmax(dim=1, dtype=torch.float64).numpy()
    rounded = exact.astype(np.float32)
    if rounded.shape[1] > 1:
        rows = np.arange(len(rounded))
        second = np.argpartition(rounded, -2, axis=1)[:, -2]
        excess = rounded.sum(axis=1, dtype=np.float64) - 1
        value = exact[rows, second]
        rounded[rows, second] = np.maximum(rounded[rows, second] - excess, value / 2)
    return rounded
