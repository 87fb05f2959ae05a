"""Logits of a trained net, a batch at a time."""

from __future__ import annotations

from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ..nets import passes
from ..utils import PixelScale
from ._standardise import standardise, to_tensor

PREDICT_BATCH = 256
"""Rows in one forward pass of a prediction."""

DOUBLE_PRECISION_ROWS = 32
"""Up to 32 rows are predicted in float64, so that results do not depend on the rest of the batch.

The cost is small for so few rows.
"""


@torch.inference_mode()
def logits(
    module: nn.Module, pixels: NDArray[Any], scale: PixelScale, device: torch.device
) -> Tensor:
    """Return the logits of a module as a float32 tensor on the CPU."""
    double = len(pixels) <= DOUBLE_PRECISION_ROWS and device.type != "mps"  # MPS has no float64
    dtype = torch.float64 if double else torch.float32
    net = passes(module, dtype)
    parts = [
        net.forward(standardise(batch.to(device), scale, dtype)).cpu()
        for batch in torch.split(to_tensor(pixels), PREDICT_BATCH)
    ]
    return torch.cat(parts).to(torch.float32)
