"""LeNet5: the network of LeCun et al. (1998) in torch alone.

It takes standardised float pixels and returns logits, one per class.

The numbers in the comments are those of a 32x32 field, as in 1998: the size of each map as
``channels@height x width`` and the number of trainable parameters.
"""

from __future__ import annotations

from torch import Tensor, nn

from ._activations import ACTIVATIONS
from ._dropout import Dropout
from ._pooling import POOLINGS

SMALLEST_INPUT = 16
"""Side of the smallest field that LeNet-5 can read: S4 then has maps of one pixel."""


class LeNet5(nn.Module):
    """LeNet-5 on an ``input_size`` x ``input_size`` field of one channel."""

    def __init__(
        self,
        n_classes: int = 10,
        *,
        input_size: int = 32,
        activation: str = "relu",
        pooling: str = "max",
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        if input_size < SMALLEST_INPUT:
            raise ValueError(
                f"input_size={input_size} is too small for LeNet-5: use {SMALLEST_INPUT} or more."
            )
        self.input_size, self.activation, self.pooling = input_size, activation, pooling
        activate, pool = ACTIVATIONS[activation], POOLINGS[pooling]
        # A 5x5 kernel takes 4 off the side, a pooling halves it: 32 -> 28 -> 14 -> 10 -> 5.
        left = ((input_size - 4) // 2 - 4) // 2

        # C1, six maps of 5x5 strokes:       1@32x32 ->  6@28x28      (5*5*1  + 1) * 6   =    156
        self.c1 = nn.Conv2d(1, 6, kernel_size=5)
        self.c1_activation = activate()
        # S2, halves the maps:               6@28x28 ->  6@14x14                               0
        self.s2 = pool(2)
        # C3, sixteen maps over all six:     6@14x14 -> 16@10x10      (5*5*6  + 1) * 16  =  2,416
        self.c3 = nn.Conv2d(6, 16, kernel_size=5)
        self.c3_activation = activate()
        # S4, halves the maps:              16@10x10 -> 16@5x5                                 0
        self.s4 = pool(2)
        # C5, each map over all of S4:       16@5x5   -> 120@1x1       (5*5*16 + 1) * 120 = 48,120
        self.c5 = nn.Conv2d(16, 120, kernel_size=left)
        self.c5_activation = activate()
        self.c5_dropout = Dropout(dropout)
        # F6, fully connected:              120      -> 84            (120    + 1) * 84  = 10,164
        self.f6 = nn.Linear(120, 84)
        self.f6_activation = activate()
        self.f6_dropout = Dropout(dropout)
        # Output, one logit a class:        84       -> 10            (84     + 1) * 10  =    850
        self.output = nn.Linear(84, n_classes)

    def forward(self, field: Tensor) -> Tensor:
        """Map fields of shape (n, 1, size, size) to logits of shape (n, n_classes)."""
        logits: Tensor = self.output(self.features(field))
        return logits

    def features(self, field: Tensor) -> Tensor:
        """Return the 84 units of F6, from which the output layer computes the logits."""
        maps = self.s2(self.c1_activation(self.c1(field)))
        maps = self.s4(self.c3_activation(self.c3(maps)))
        units = self.c5_activation(self.c5(maps).flatten(1))
        units = self.f6_activation(self.f6(self.c5_dropout(units)))
        features: Tensor = self.f6_dropout(units)
        return features
