"""Pixels as standardised float tensors."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

LIMIT = 1e4
"""No standardised pixel lies further out; it keeps the nets finite for any input."""


def standardise(pixels: Tensor, mean: float, deviation: float, dtype: torch.dtype) -> Tensor:
    """Return the pixels as floats with the learned mean and deviation taken out."""
    batch = pixels.to(dtype, copy=True).sub_(mean).div_(deviation)
    if pixels.dtype is torch.uint8 and LIMIT * deviation >= 255:  # and the mean lies within 0..255
        return batch
    return batch.clamp_(-LIMIT, LIMIT)


def to_tensor(array: NDArray[Any]) -> Tensor:
    """Return a tensor on the array's memory; on a copy where torch could not read it as it is."""
    return torch.from_numpy(np.require(array, requirements=["C", "W"]))
