"""Settings: what the parameters of an estimator say about training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch


@dataclass(frozen=True)
class Settings:
    """What the estimator's parameters say about training."""

    lr: float
    batch_size: int
    optimizer: str | type[torch.optim.Optimizer]
    weight_decay: float
    label_smoothing: float
    average_weights: bool
    early_stopping: bool
    n_iter_no_change: int
    tol: float
    callbacks: Any
    verbose: int
