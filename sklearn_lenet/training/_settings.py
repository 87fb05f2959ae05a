"""Settings and Plan: what an estimator asks the training loop to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch


@dataclass(frozen=True)
class Settings:
    """The estimator's parameters that the training loop reads."""

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


@dataclass(frozen=True)
class Plan:
    """How long to train, and what to keep for a later fit."""

    epochs: int
    lr_schedule: str
    keep_state: bool
    """Whether a later fit continues with the state of the optimizer."""
