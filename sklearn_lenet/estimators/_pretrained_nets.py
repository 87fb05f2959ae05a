"""The pretrained models of ``init``, whose layers a new net starts from."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from torch import nn


@cache
def pretrained(name: str) -> Any:
    """Return the fitted classifier of a name; it is shared, so nobody may change it."""
    # The models are in a folder above, which knows this one: it is looked up on first use.
    return import_module(__name__.partition(".")[0]).load_pretrained(name)


def with_pretrained_layers(module: nn.Module, name: str) -> nn.Module:
    """Return a new module with the weights of a pretrained one in all layers but the output."""
    weights = pretrained(name).module_.state_dict()
    kept = {key: weight for key, weight in weights.items() if not key.startswith("output.")}
    module.load_state_dict(module.state_dict() | kept)
    return module
