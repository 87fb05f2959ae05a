"""The pooling layers by name. Add a pooling here; `_fast_pooling` may have a faster form of it."""

from __future__ import annotations

from torch import nn

POOLINGS: dict[str, type[nn.Module]] = {"max": nn.MaxPool2d, "avg": nn.AvgPool2d}
"""The layer for each name that the parameter ``pooling`` takes."""
