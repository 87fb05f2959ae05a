"""Logits of a trained net, a batch at a time."""

from __future__ import annotations

from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ..nets import passes
from ._standardise import standardise, to_tensor

PREDICT_BATCH = 256
"""Rows that go through the net at once when it predicts."""

FEW = 32
"""Up to so many rows are predicted in double precision, which costs next to nothing there:
rounded, no digit of a row's answer depends on the rows beside it."""


@torch.inference_mode()
def logits(
    module: nn.Module,
    pixels: NDArray[Any],
    *,
    mean: float,
    deviation: float,
    device: torch.device,
) -> Tensor:
    """Return the module's logits for the pixels, on the CPU, a batch at a time."""
    few = len(pixels) <= FEW and device.type != "mps"  # which knows no double
    dtype = torch.float64 if few else torch.float32
    through = passes(module, dtype)
    parts = [
        through.forward(standardise(batch.to(device), mean, deviation, dtype)).cpu()
        for batch in torch.split(to_tensor(pixels), PREDICT_BATCH)
    ]
    return torch.cat(parts).to(torch.float32)
