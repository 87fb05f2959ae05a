"""Optional packages, imported on first use; the error for a missing one names its extra."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def extra_module(name: str, who: str, extra: str) -> Any:
    """Return a module; if its package is missing, raise an error that names the extra.

    >>> extra_module("math", "a doctest", "none").floor(1.5)
    1
    """
    try:
        return import_module(name)
    except ImportError as error:
        package = name.split(".")[0]
        raise ImportError(
            f"{who} needs the package {package}: pip install 'sklearn_lenet[{extra}]'."
        ) from error
