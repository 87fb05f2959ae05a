"""Optimisers by name, and how their learning rate runs through a fit."""

from __future__ import annotations

import inspect
from typing import Any

import torch
from torch.optim import Optimizer


class Adam(torch.optim.Adam):
    """torch's Adam, which fits at once: torch's own first imports its compiler, for seconds."""

    # torch wraps both to keep its compiler off, and imports it for that.
    add_param_group = inspect.unwrap(torch.optim.Adam.add_param_group)
    step = torch.no_grad()(inspect.unwrap(torch.optim.Adam.step))


OPTIMIZERS: dict[str, tuple[type[Optimizer], dict[str, Any]]] = {
    "adagrad": (torch.optim.Adagrad, {}),
    "adam": (Adam, {}),
    "adamw": (torch.optim.AdamW, {}),
    "nadam": (torch.optim.NAdam, {}),
    "radam": (torch.optim.RAdam, {}),
    "rmsprop": (torch.optim.RMSprop, {}),
    "sgd": (torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
}
"""What each name stands for; "sgd" has `MLPClassifier`'s momentum."""

FUSED = {
    torch.optim.Adagrad: ("cpu",),
    Adam: ("cpu", "cuda"),
    torch.optim.Adam: ("cpu", "cuda"),
    torch.optim.AdamW: ("cpu", "cuda"),
    torch.optim.SGD: ("cpu", "cuda"),
}
"""Where torch has a fused form of an optimiser; older versions lack some of them."""


def check_optimizer(optimizer: str | type[Optimizer], weight_decay: float) -> None:
    """Raise where an optimiser of the user's own cannot be used."""
    if isinstance(optimizer, str):
        return
    if not issubclass(optimizer, Optimizer):
        raise TypeError(
            f"optimizer={optimizer.__name__} is no torch optimiser: use a subclass of "
            f"torch.optim.Optimizer or one of {sorted(OPTIMIZERS)}."
        )
    if weight_decay and "weight_decay" not in inspect.signature(optimizer).parameters:
        raise ValueError(
            f"weight_decay={weight_decay} came with optimizer={optimizer.__name__}, which has "
            "none: set weight_decay=0."
        )


def optimizer_settings(
    optimizer: str | type[Optimizer], weight_decay: float, device: torch.device
) -> tuple[type[Optimizer], dict[str, Any]]:
    """Return the optimiser's class and the keywords to make it with, but for lr."""
    cls, settings = OPTIMIZERS[optimizer] if isinstance(optimizer, str) else (optimizer, {})
    known = inspect.signature(cls).parameters
    settings = dict(settings)
    if "weight_decay" in known:
        settings["weight_decay"] = weight_decay
    if "fused" in known and device.type in FUSED.get(cls, ()):
        settings["fused"] = True
    return cls, settings
