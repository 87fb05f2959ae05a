"""LineNet: LeNet-5 swept over a line of digits, as the space displacement network of 1998.

It takes strips of ink of any width and returns logits for each column of its output: one per
character, after one for "no character here".

The numbers in the comments are those of a strip of 32 rows and w columns: the size of each map as
``channels@height x width`` and the number of trainable parameters for ten digits.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from torch import Tensor, nn

STRIP_HEIGHT = 32
"""The rows of a strip, as many as LeNet-5's field has."""

STRIDE = 2
"""Columns of a strip for one column of the output."""

C1, C3, C5, F6 = 12, 32, 96, 64
"""The number of maps of each layer."""


class LineNet(nn.Module):
    """LeNet-5's layers on a strip: what is fully connected in LeNet-5 is a convolution here.

    S4 halves the rows only, so that there is an output for every second column: narrow digits
    need it. Batch normalisation follows each convolution.
    """

    def __init__(self, n_symbols: int) -> None:
        super().__init__()
        self.n_symbols = n_symbols
        # C1:  1@32 x w   -> 12@28 x w       (5*5*1  + 1) * 12 + 2 * 12 =    336
        self.c1 = _block(1, C1, (5, 5))
        # S2: 12@28 x w   -> 12@14 x w/2                                       0
        self.s2 = nn.MaxPool2d(2)
        # C3: 12@14 x w/2 -> 32@10 x w/2     (5*5*12 + 1) * 32 + 2 * 32 =  9,696
        self.c3 = _block(C1, C3, (5, 5))
        # S4: 32@10 x w/2 -> 32@5  x w/2                                       0
        self.s4 = nn.MaxPool2d((2, 1))
        # C5: 32@5 x w/2  -> 96@1  x w/2     (5*5*32 + 1) * 96 + 2 * 96 = 77,088
        self.c5 = _block(C3, C5, (5, 5))
        # F6: 96@1 x w/2  -> 64@1  x w/2     (7 * 96 + 1) * 64 + 2 * 64 = 43,200
        self.f6 = _block(C5, F6, (1, 7))
        # Output: 64@1 x w/2 -> 11@1 x w/2   (64     + 1) * 11          =    715
        self.output = nn.Conv2d(F6, n_symbols, kernel_size=1)

    def forward(self, strips: Tensor) -> Tensor:
        """Map strips of shape (n, 1, 32, w) to logits of shape (n, w // 2, n_symbols)."""
        maps = self.s2(self.c1(strips))
        maps = self.s4(self.c3(maps))
        logits: Tensor = self.output(self.f6(self.c5(maps)))
        return logits.squeeze(2).transpose(1, 2)


class Normalisation(nn.BatchNorm2d):
    """Batch normalisation without the count of batches, so that all of its state is float32."""

    def __init__(self, n_maps: int) -> None:
        super().__init__(n_maps)
        self.num_batches_tracked = None

    def _load_from_state_dict(self, *args: Any) -> None:
        nn.Module._load_from_state_dict(self, *args)  # BatchNorm2d's own adds the count again


def _block(inputs: int, outputs: int, kernel: tuple[int, int]) -> nn.Sequential:
    """Return a convolution that keeps the number of columns, normalisation and activation."""
    return nn.Sequential(
        OrderedDict(
            convolution=nn.Conv2d(inputs, outputs, kernel, padding=(0, kernel[1] // 2)),
            normalisation=Normalisation(outputs),
            activation=nn.ReLU(),
        )
    )
