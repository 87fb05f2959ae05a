"""LineNet: LeNet-5 swept over a line of digits, as the space displacement network of 1998.

It takes strips of ink of any width and returns logits for each column of its output: one per
character, after one for "no character here".

The numbers in the comments are those of a strip of 32 rows and w columns: the size of each map as
``channels@height x width`` and the number of trainable parameters for ten digits.
"""

from __future__ import annotations

from collections import OrderedDict
from contextlib import nullcontext
from functools import cache
from typing import Any, cast

import torch
from torch import Tensor, nn

STRIP_HEIGHT = 32
"""The rows of a strip, as many as LeNet-5's field has."""

STRIDE = 2
"""Columns of a strip for one column of the output."""

C1, C3, C5, F6 = 16, 32, 96, 64
"""The number of maps of each layer."""


class LineNet(nn.Module):
    """LeNet-5's layers on a strip: what is fully connected in LeNet-5 is a convolution here.

    S4 halves the rows only, so that there is an output for every second column: narrow digits
    need it. Batch normalisation follows each convolution. It comes after the pooling, where it
    costs a quarter.
    """

    def __init__(self, n_symbols: int) -> None:
        super().__init__()
        self.n_symbols = n_symbols
        # C1:  1@32 x w   -> 16@28 x w       (5*5*1  + 1) * 16          =    416
        # S2: 16@28 x w   -> 16@14 x w/2                    2 * 16      =     32
        self.c1 = _block(1, C1, (5, 5), pooling=(2, 2))
        # C3: 16@14 x w/2 -> 32@10 x w/2     (5*5*16 + 1) * 32          = 12,832
        # S4: 32@10 x w/2 -> 32@5  x w/2                    2 * 32      =     64
        self.c3 = _block(C1, C3, (5, 5), pooling=(2, 1))
        # C5: 32@5 x w/2  -> 96@1  x w/2     (5*5*32 + 1) * 96 + 2 * 96 = 77,088
        self.c5 = _block(C3, C5, (5, 5))
        # F6: 96@1 x w/2  -> 64@1  x w/2     (7 * 96 + 1) * 64 + 2 * 64 = 43,200
        self.f6 = _block(C5, F6, (1, 7))
        # Output: 64@1 x w/2 -> 11@1 x w/2   (64     + 1) * 11          =    715
        self.output = nn.Conv2d(F6, n_symbols, kernel_size=1)
        cast(Any, self).to(memory_format=torch.channels_last)  # a third faster on a CPU

    def forward(self, strips: Tensor) -> Tensor:
        """Map strips of shape (n, 1, 32, w) to logits of shape (n, w // 2, n_symbols).

        In training, a CPU with bfloat16 uses it for the convolutions, which doubles the speed. The
        weights stay in float32.
        """
        on_cpu = self.training and strips.device.type == "cpu" and strips.dtype == torch.float32
        short = on_cpu and has_bfloat16()
        with torch.autocast("cpu", dtype=torch.bfloat16) if short else nullcontext():
            logits: Tensor = self.output(self.f6(self.c5(self.c3(self.c1(strips)))))
        return logits.to(strips.dtype).squeeze(2).transpose(1, 2)


@cache
def has_bfloat16() -> bool:
    """Return whether the CPU has instructions for bfloat16; without them it is slower."""
    # Older versions of torch have no get_capabilities; they train in float32.
    known: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(known.get("avx512_bf16") or known.get("amx_bf16"))


class Normalisation(nn.BatchNorm2d):
    """Batch normalisation without the count of batches, so that all of its state is float32."""

    def __init__(self, n_maps: int) -> None:
        super().__init__(n_maps)
        self.num_batches_tracked = None

    def _load_from_state_dict(self, *args: Any) -> None:
        nn.Module._load_from_state_dict(self, *args)  # BatchNorm2d's own adds the count again


def _block(
    inputs: int, outputs: int, kernel: tuple[int, int], pooling: tuple[int, int] | None = None
) -> nn.Sequential:
    """Return a convolution that keeps the number of columns, pooling, normalisation, activation."""
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    padding = (0, kernel[1] // 2)
    layers["convolution"] = nn.Conv2d(inputs, outputs, kernel, padding=padding)
    if pooling:
        layers["pooling"] = nn.MaxPool2d(pooling)
    layers["normalisation"] = Normalisation(outputs)
    layers["activation"] = nn.ReLU(inplace=True)
    return nn.Sequential(layers)
