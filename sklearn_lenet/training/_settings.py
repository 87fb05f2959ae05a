"""Settings and Plan: what an estimator asks the training loop to do."""

from __future__ import annotations

import sys
from dataclasses import dataclass, fields
from typing import Any, Self

import torch


@dataclass(frozen=True)
class Settings:
    """The estimator's parameters that the training loop reads, as Python's own numbers."""

    lr: float
    batch_size: int
    optimizer: str | type[torch.optim.Optimizer]
    weight_decay: float
    label_smoothing: float
    average_weights: bool
    early_stopping: bool
    n_iter_no_change: float
    tol: float
    callbacks: Any
    verbose: int

    @classmethod
    def of(cls, estimator: Any) -> Self:
        """Return the settings of an estimator; NumPy's numbers become Python's."""
        values = {}
        for field in fields(cls):
            value, convert = getattr(estimator, field.name), CONVERTERS.get(str(field.type))
            values[field.name] = value if convert is None else convert(value)
        values["batch_size"] = min(values["batch_size"], sys.maxsize)  # torch takes no larger one
        return cls(**values)


CONVERTERS = {"float": float, "int": int, "bool": bool}
"""The function that converts a value to the type of its field."""


@dataclass(frozen=True)
class Plan:
    """How long to train, and what to keep for a later fit."""

    epochs: int
    lr_schedule: str
    keep_state: bool
    """Whether a later fit continues with the state of the optimizer."""
