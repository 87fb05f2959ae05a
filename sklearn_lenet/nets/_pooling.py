"""The pooling layers by name."""

from __future__ import annotations

from torch import nn

POOLINGS: dict[str, type[nn.Module]] = {"max": nn.MaxPool2d, "avg": nn.AvgPool2d}
