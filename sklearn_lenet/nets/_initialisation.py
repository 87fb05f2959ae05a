"""How the weights of a new net are drawn."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn


@torch.no_grad()
def initialise(module: nn.Module, generator: torch.Generator | None = None) -> None:
    """Draw every weight uniformly within sqrt(6 / (fan_in + fan_out)) and set biases to zero.

    A batch normalisation begins with the mean 0 and the variance 1.

    Glorot's bound keeps the variance of activations and gradients about equal in all layers.
    Torch's own initialisation can only draw from the global random state.
    """
    for layer in module.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.xavier_uniform_(layer.weight, generator=generator)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
        elif isinstance(layer, nn.BatchNorm2d):
            nn.init.ones_(layer.weight)
            nn.init.zeros_(layer.bias)
            for name, start in (("running_mean", 0.0), ("running_var", 1.0)):
                nn.init.constant_(layer.get_buffer(name), start)


def new_module(build: Callable[[], nn.Module], seed: int) -> nn.Module:
    """Return a module with seeded weights; torch's global random state is not changed."""
    with torch.device("meta"):
        module = build()
    # Does what to_empty(device="cpu") does, whose first call imports sympy for a second.
    empty = {name: torch.empty(weight.shape) for name, weight in module.state_dict().items()}
    module.load_state_dict(empty, assign=True)
    initialise(module, torch.Generator().manual_seed(seed))
    return module
