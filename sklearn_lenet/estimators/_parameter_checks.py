"""The valid values of the training parameters, and the error for an unknown parameter name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from itertools import pairwise
from numbers import Integral, Real
from typing import Any

import numpy as np
import torch
from sklearn.utils._param_validation import Interval, Options, StrOptions

from ..training import AUGMENTATIONS, AUTO, OPTIMIZERS, SCHEDULES

MOST_THREADS = 1024
"""Torch ends the process if it cannot start the threads."""

MOST_WEIGHTS = 2**28
"""A net with more weights than this, 1 GiB of them, is refused."""

CONSTRAINTS: dict[str, list[Any]] = {
    "lr": [Interval(Real, 0, None, closed="neither")],
    "max_epochs": [Interval(Integral, 1, None, closed="left"), StrOptions({"auto"})],
    "batch_size": [Interval(Integral, 1, None, closed="left"), StrOptions({"auto"})],
    "optimizer": [StrOptions(set(OPTIMIZERS)), type],
    "lr_schedule": [StrOptions(set(SCHEDULES))],
    "weight_decay": [Interval(Real, 0, None, closed="left")],
    "label_smoothing": [Interval(Real, 0, 1, closed="left")],
    "average_weights": ["boolean"],
    "augment": [StrOptions({AUTO, *AUGMENTATIONS}), callable, None],
    "calibrate": ["boolean"],
    "class_weight": [dict, StrOptions({"balanced"}), None],
    "early_stopping": ["boolean"],
    "validation_fraction": [Interval(Real, 0, 1, closed="neither")],
    "n_iter_no_change": [
        Interval(Integral, 1, None, closed="left"),
        Options(Real, {np.inf}),
        StrOptions({"auto"}),
    ],
    "tol": [Interval(Real, 0, None, closed="left")],
    "warm_start": ["boolean"],
    "callbacks": [list, tuple, None],
    "verbose": ["verbose"],
    "n_threads": [Interval(Integral, 1, MOST_THREADS, closed="both"), None],
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


def check_numbers(estimator: Any) -> None:
    """Raise a TypeError if a number is True or False, which Python counts as integers."""
    for name, constraints in estimator._parameter_constraints.items():
        is_number = any(isinstance(constraint, Interval) for constraint in constraints)
        value = getattr(estimator, name)
        if is_number and isinstance(value, bool):
            raise TypeError(f"{name}={value} is a boolean: use a number.")


def check_n_weights(layers: Iterable[int], parameter: str, value: Any) -> None:
    """Raise a ValueError if a net with these layers has more weights than fit into memory."""
    sizes = list(layers)
    n_weights = sum((a + 1) * b for a, b in pairwise(sizes))
    if n_weights > MOST_WEIGHTS:
        raise ValueError(
            f"{parameter}={value!r} gives a net of {n_weights:.2g} weights: use values that give "
            f"at most {MOST_WEIGHTS:,}."
        )
