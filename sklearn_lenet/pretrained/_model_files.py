"""The model files in this package, their names, and their cards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..persistence import read_archive

FOLDER = Path(__file__).parent / "models"
"""The folder with the model files, which ``make pretrained`` writes."""

NAMES = ("digits", "mnist", "strings")
"""The names of the models."""

DEFAULT = "digits"
"""The model of `read_digits` and of the command line if none is named."""


def path_of(name: str) -> Path:
    """Return the path of the model file of a name; raise a ValueError for other names."""
    if name not in NAMES:
        raise ValueError(
            f"name={name!r} is not a pretrained model: use {', '.join(map(repr, NAMES[:-1]))} or "
            f"{NAMES[-1]!r}."
        )
    return FOLDER / f"{name}.lenet"


def card_of(name: str) -> dict[str, Any]:
    """Return the card that is in a model file: data, recipe, figures, limits and licence."""
    card: dict[str, Any] = read_archive(path_of(name))[0]["card"]
    return card
