"""The model that reads where none is given: this folder knows none, a folder above provides it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_providers: list[Callable[[], Any]] = []


def provide_default_model(provider: Callable[[], Any]) -> None:
    """Set the function that returns the model for ``model=None``."""
    _providers[:] = [provider]


def default_model() -> Any:
    """Return the model that was provided."""
    if not _providers:
        raise ValueError("model=None: import read_digits from sklearn_lenet, or pass a model.")
    return _providers[0]()
