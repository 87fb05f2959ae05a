"""Learning-rate schedules by name: how the rate changes during a fit."""

from __future__ import annotations

from torch.optim import Optimizer
from torch.optim.lr_scheduler import CosineAnnealingLR, LRScheduler, OneCycleLR

SCHEDULES = ("one-cycle", "cosine", "constant")
"""The names that the parameter ``lr_schedule`` takes."""


def start_schedule(name: str, optimizer: Optimizer, lr: float, steps: int) -> LRScheduler | None:
    """Prepare the optimizer for ``steps`` steps; return its scheduler, None for a constant rate.

    Each fit begins with the optimizer's own settings, whatever an earlier fit has changed.
    """
    for group in optimizer.param_groups:
        kept = {k: v for k, v in optimizer.defaults.items() if k in ("betas", "momentum")}
        group.update(kept | {"lr": lr})
        group.pop("initial_lr", None)
    if name == "one-cycle":
        first = optimizer.param_groups[0]
        cycles = "betas" in first or first.get("momentum", 0) > 0
        return OneCycleLR(optimizer, max_lr=lr, total_steps=steps + 1, cycle_momentum=cycles)
    if name == "cosine":
        return CosineAnnealingLR(optimizer, T_max=steps)
    return None
