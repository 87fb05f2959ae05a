"""Pixels as standardised float tensors."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..utils import PixelScale

LIMIT = 1e4
"""Standardised pixels are clipped to this absolute value, so that nets stay finite."""


def standardise(pixels: Tensor, scale: PixelScale, dtype: torch.dtype) -> Tensor:
    """Return the pixels as floats, with the learned mean subtracted, over the deviation."""
    batch = pixels.to(dtype, copy=True).sub_(scale.mean).div_(scale.deviation)
    # No uint8 pixel can exceed the limit here, because the mean is between 0 and 255 as well.
    if pixels.dtype is torch.uint8 and LIMIT * scale.deviation >= 255:
        return batch
    return batch.clamp_(-LIMIT, LIMIT)


def to_tensor(array: NDArray[Any]) -> Tensor:
    """Return a tensor that shares the array's memory, or a copy where torch cannot read it."""
    return torch.from_numpy(np.require(array, requirements=["C", "W"]))
