"""How the weights of a new net are drawn."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn


@torch.no_grad()
def initialise(module: nn.Module, generator: torch.Generator | None = None) -> None:
    """Draw every weight anew, uniform within sqrt(6 / (fan_in + fan_out)), biases zero.

    Glorot's bound keeps the variance of signals and gradients about equal through
    the layers. Torch's own initialisation could only draw from the global state.
    """
    for layer in module.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.xavier_uniform_(layer.weight, generator=generator)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)


def new_module(build: Callable[[], nn.Module], seed: int) -> nn.Module:
    """Return a module with seeded weights; torch's global state stays untouched."""
    with torch.device("meta"):
        module = build()
    # As to_empty(device="cpu") does, whose first use imports a computer algebra for a second.
    empty = {name: torch.empty(weight.shape) for name, weight in module.state_dict().items()}
    module.load_state_dict(empty, assign=True)
    initialise(module, torch.Generator().manual_seed(seed))
    return module
