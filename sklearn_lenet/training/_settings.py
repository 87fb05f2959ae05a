"""Settings and Plan: what an estimator asks the training loop to do."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Self

import torch

from ._length import Length


@dataclass(frozen=True)
class Settings:
    """The estimator's parameters that the training loop reads, as Python's own numbers."""

    lr: float
    batch_size: int
    optimizer: str | type[torch.optim.Optimizer]
    weight_decay: float
    average_weights: bool
    early_stopping: bool
    n_iter_no_change: float | str
    tol: float
    callbacks: Any
    verbose: int
    label_smoothing: float = 0.0

    @classmethod
    def of(cls, estimator: Any, batch_size: int) -> Self:
        """Return the settings of an estimator; NumPy's numbers become Python's."""
        values: dict[str, Any] = {"batch_size": batch_size}
        for field in fields(cls):
            if field.name in values:
                continue
            convert = CONVERTERS.get(str(field.type))
            value = getattr(estimator, field.name, field.default)
            values[field.name] = value if convert is None else convert(value)
        return cls(**values)


CONVERTERS = {"float": float, "int": int, "bool": bool}
"""The function that converts a value to the type of its field."""


@dataclass(frozen=True)
class Plan:
    """How long to train, and what to keep for a later fit."""

    length: Length
    lr_schedule: str
    calibrate: bool
    """Whether to learn the temperature and the novelty."""
    keep_state: bool
    """Whether a later fit continues with the state of the optimizer."""
