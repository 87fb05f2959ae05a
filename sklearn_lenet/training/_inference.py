"""Logits of a trained net, a batch at a time."""

from __future__ import annotations

from typing import Any, Literal

import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ..nets import Passes, passes
from ..utils import PixelScale
from ._standardise import standardise, to_tensor

PREDICT_BATCH = 64
"""Rows in one forward pass of a prediction; the maps of more rows do not fit into fast caches."""

DOUBLE_PRECISION_ROWS = 32
"""Where the rows of a batch are not independent, up to 32 rows are predicted in float64.

The cost is small for so few rows.
"""

KEPT_ROWS = 8
"""The memory of passes is kept for batches of up to this many rows, about 1 MB."""


class Inference:
    """The forward passes of a trained net, kept from call to call.

    Several threads may use it at the same time, because each takes passes of its own. Pickles
    and copies of an estimator do without it.
    """

    def __init__(self) -> None:
        self._free: list[Passes] = []

    def logits(
        self, module: nn.Module, pixels: NDArray[Any], scale: PixelScale, device: torch.device
    ) -> Tensor:
        """Return the logits of a module as a float32 tensor on the CPU."""
        return self._outputs("predict", module, pixels, scale, device)

    def features(
        self, module: nn.Module, pixels: NDArray[Any], scale: PixelScale, device: torch.device
    ) -> Tensor:
        """Return the inputs of the last layer as a float32 tensor on the CPU."""
        return self._outputs("features", module, pixels, scale, device)

    @torch.inference_mode()
    def _outputs(
        self,
        what: Literal["predict", "features"],
        module: nn.Module,
        pixels: NDArray[Any],
        scale: PixelScale,
        device: torch.device,
    ) -> Tensor:
        net = self._taken(module)
        few = len(pixels) <= DOUBLE_PRECISION_ROWS and device.type != "mps"  # MPS has no float64
        dtype = torch.float32 if net.has_independent_rows or not few else torch.float64
        way = net if dtype == torch.float32 else passes(module, dtype)
        parts = [
            getattr(way, what)(standardise(batch.to(device), scale, dtype)).cpu()
            for batch in torch.split(to_tensor(pixels), PREDICT_BATCH)
        ]
        net.forget(KEPT_ROWS)
        self._free.append(net)
        return torch.cat(parts).to(torch.float32)

    def _taken(self, module: nn.Module) -> Passes:
        """Return passes that no other thread uses: kept ones if the weights are the same."""
        try:
            net = self._free.pop()
        except IndexError:  # another thread may have taken the last ones
            return passes(module, torch.float32)
        return net if net.is_current(module) else passes(module, torch.float32)
