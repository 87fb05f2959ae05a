"""A bound on the logits of a net, which shows that no input can make them NaN or infinite."""

from __future__ import annotations

import math

import torch
from torch import nn

BOUNDED_ACTIVATIONS = {"tanh": 1.0, "sigmoid": 1.0, "logistic": 1.0, "scaled_tanh": 1.7159}
"""The largest absolute value of the activations that have one."""


@torch.no_grad()
def largest_logit(module: nn.Module, largest_input: float) -> float:
    """Return a bound on the absolute values in a forward pass, NaN or infinity if there is none.

    A value of a layer is at most the sum of its absolute weights times the largest input, plus
    the absolute bias. Pooling does not increase it.

    Batch normalisation is counted with its running mean and variance.

    >>> net = nn.Sequential(nn.Linear(2, 1), nn.Linear(1, 1))
    >>> for weight, value in zip(net.parameters(), (3.0, 1.0, 2.0, 0.5)):
    ...     _ = nn.init.constant_(weight, value)
    >>> largest_logit(net, 10.0)  # (2 * 3 * 10 + 1) * 2 + 0.5
    122.5
    """
    ceiling = BOUNDED_ACTIVATIONS.get(str(getattr(module, "activation", "")))
    bound, largest = largest_input, 0.0
    for layer in module.modules():
        if isinstance(layer, nn.BatchNorm2d):
            bound = _largest_normalised(layer, bound)
            if not math.isfinite(bound):
                return bound
            largest = max(largest, bound)
        elif isinstance(layer, nn.Conv2d | nn.Linear):
            sums = layer.weight.double().flatten(1).abs().sum(1)
            if layer.bias is not None:
                sums = sums * bound + layer.bias.double().abs()
            bound = float(sums.max())
            if not math.isfinite(bound):
                return bound
            largest = max(largest, bound)
            if ceiling is not None:
                bound = ceiling
    return largest


def _largest_normalised(layer: nn.BatchNorm2d, bound: float) -> float:
    """Return the bound behind a batch normalisation."""
    mean, variance = (layer.get_buffer(f"running_{name}").double() for name in ("mean", "var"))
    scale = layer.weight.double().abs() / (variance + layer.eps).sqrt()
    return float((scale * (bound + mean.abs()) + layer.bias.double().abs()).max())
