"""Optimizers by name, and their settings."""

from __future__ import annotations

import inspect
from typing import Any

import torch
from torch.optim import Optimizer


class Adam(torch.optim.Adam):
    """torch's Adam without its import of torch's compiler, which takes seconds."""

    # torch wraps both methods to exclude them from compilation, and imports its compiler for it.
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
"""Class and settings for each name; "sgd" has the momentum of `MLPClassifier`."""

UNSUPPORTED: dict[type[Optimizer], str] = {
    torch.optim.LBFGS: "needs a closure in each step",
    torch.optim.SparseAdam: "needs sparse gradients",
}
"""Optimizers of torch that cannot train these nets, and why."""

FUSED = {
    torch.optim.Adagrad: ("cpu",),
    Adam: ("cpu", "cuda"),
    torch.optim.Adam: ("cpu", "cuda"),
    torch.optim.AdamW: ("cpu", "cuda"),
    torch.optim.SGD: ("cpu", "cuda"),
}
"""The devices on which torch has a fused form of an optimizer; older versions lack some."""


def check_optimizer(optimizer: str | type[Optimizer], weight_decay: float) -> None:
    """Raise an error if an optimizer class given by the user cannot be used."""
    if isinstance(optimizer, str):
        return
    if not issubclass(optimizer, Optimizer):
        raise TypeError(
            f"optimizer={optimizer.__name__} is not a torch optimizer: use a subclass of "
            f"torch.optim.Optimizer or one of {sorted(OPTIMIZERS)}."
        )
    known = inspect.signature(optimizer).parameters
    required = [
        name
        for name, parameter in known.items()
        if parameter.default is parameter.empty
        and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        and name not in ("params", "lr")
    ]
    if required or optimizer in UNSUPPORTED:
        reason = f"needs {', '.join(required)}" if required else UNSUPPORTED[optimizer]
        raise ValueError(
            f"optimizer={optimizer.__name__} {reason}: use another class, or one of "
            f"{sorted(OPTIMIZERS)}."
        )
    if weight_decay and "weight_decay" not in known:
        raise ValueError(
            f"weight_decay={weight_decay} is not supported by optimizer={optimizer.__name__}: use "
            "weight_decay=0."
        )


def optimizer_settings(
    optimizer: str | type[Optimizer], weight_decay: float, device: torch.device
) -> tuple[type[Optimizer], dict[str, Any]]:
    """Return the optimizer's class and its keywords, without lr."""
    cls, settings = OPTIMIZERS[optimizer] if isinstance(optimizer, str) else (optimizer, {})
    known = inspect.signature(cls).parameters
    settings = dict(settings)
    if "weight_decay" in known:
        settings["weight_decay"] = weight_decay
    if "fused" in known and device.type in FUSED.get(cls, ()):
        settings["fused"] = True
    return cls, settings
