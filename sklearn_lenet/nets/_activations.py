"""The activation functions by name. `_fast_activations` may have a faster form of each."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class ScaledTanh(nn.Module):
    """The activation of LeCun et al. (1998), 1.7159 tanh(2a/3): it maps 1 to 1 and -1 to -1."""

    def forward(self, a: Tensor) -> Tensor:
        """Apply the activation to each value."""
        return 1.7159 * torch.tanh(a * (2.0 / 3.0))


ACTIVATIONS: dict[str, type[nn.Module]] = {
    "relu": nn.ReLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "logistic": nn.Sigmoid,
    "scaled_tanh": ScaledTanh,
    "identity": nn.Identity,
}
"""The layer for each name that the parameter ``activation`` takes; "logistic" is "sigmoid".

`largest_logit` needs the largest value of a bounded one, and that others do not enlarge values.
"""
