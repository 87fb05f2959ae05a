"""The valid values of the training parameters, and the error for an unknown parameter name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from numbers import Integral, Real
from typing import Any

import torch
from sklearn.utils._param_validation import Interval, StrOptions

from ..training import AUGMENTATIONS, OPTIMIZERS, SCHEDULES

CONSTRAINTS: dict[str, list[Any]] = {
    "lr": [Interval(Real, 0, None, closed="neither")],
    "max_epochs": [Interval(Integral, 1, None, closed="left"), StrOptions({"auto"})],
    "batch_size": [Interval(Integral, 1, None, closed="left")],
    "optimizer": [StrOptions(set(OPTIMIZERS)), type],
    "lr_schedule": [StrOptions(set(SCHEDULES))],
    "weight_decay": [Interval(Real, 0, None, closed="left")],
    "label_smoothing": [Interval(Real, 0, 1, closed="left")],
    "average_weights": ["boolean"],
    "augment": [StrOptions(set(AUGMENTATIONS)), callable, None],
    "class_weight": [dict, StrOptions({"balanced"}), None],
    "early_stopping": ["boolean"],
    "validation_fraction": [Interval(Real, 0, 1, closed="neither")],
    "n_iter_no_change": [Interval(Integral, 1, None, closed="left")],
    "tol": [Interval(Real, 0, None, closed="left")],
    "warm_start": ["boolean"],
    "callbacks": [list, tuple, None],
    "verbose": ["verbose"],
    "n_threads": [Interval(Integral, 1, None, closed="left"), None],
    "device": [str, torch.device],
    "random_state": ["random_state"],
}
"""The valid values of the parameters that both classifiers have."""


def check_names(given: Iterable[str], known: Iterable[str], name: str) -> None:
    """Raise a ValueError for an unknown name; it suggests the most similar known one."""
    known = sorted(known)
    for parameter in sorted(set(given) - set(known)):
        near = difflib.get_close_matches(parameter, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"use one of {known}."
        raise ValueError(f"{name} has no parameter {parameter!r}: {hint}")
