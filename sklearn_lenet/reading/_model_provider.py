"""The model for ``model=None``. This folder knows no model files: a folder above provides it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_providers: list[Callable[[], Any]] = []


def provide_default_model(provider: Callable[[], Any]) -> None:
    """Set the function that returns the model for ``model=None``."""
    _providers[:] = [provider]


def default_model() -> Any:
    """Return the model of the provider."""
    if not _providers:
        raise ValueError("model=None has no model here: pass a fitted classifier.")
    return _providers[0]()
