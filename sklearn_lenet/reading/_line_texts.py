"""The texts of lines: strings of characters of an alphabet, and their codes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils import column_or_1d

from ..datasets import NO_DIGIT

LARGEST = 2**63
"""A number must be smaller than this to be an integer of NumPy."""


def texts_of(y: Any) -> list[str]:
    """Return what is written on each line as strings; integers are written in decimal.

    >>> texts_of([120, 49]), texts_of(np.array(["007", ""]))
    (['120', '49'], ['007', ''])
    """
    values = column_or_1d(y, warn=True)
    if values.dtype.kind == "f":
        whole = np.isfinite(values) & (values == np.floor(values))
        if not whole.all():
            wrong = values[~whole][0]
            raise ValueError(f"y contains {wrong}: the text of a line is a string or an integer.")
        values = values.astype(np.int64)
    return [str(value) for value in values.tolist()]


def are_integers(y: Any) -> bool:
    """Return whether texts are given as numbers, so that numbers are expected back."""
    return np.asarray(y).dtype.kind in "iufb"


def as_integers(texts: list[str]) -> NDArray[np.int64]:
    """Return texts as integers; -1 for what is no number: an empty or an uncertain text.

    >>> as_integers(["120", "", "?", "007"])
    array([120,  -1,  -1,   7])
    """
    numbers = [int(text) if text.isdecimal() else NO_DIGIT for text in texts]
    return np.array([n if n < LARGEST else NO_DIGIT for n in numbers], dtype=np.int64)


def codes_of(texts: list[str], alphabet: str) -> list[NDArray[np.int64]]:
    """Return the codes of the characters of each text: 1 for the first one of the alphabet.

    >>> codes_of(["20"], "0123456789")
    [array([3, 1])]
    """
    places = {character: code for code, character in enumerate(alphabet, start=1)}
    for text in texts:
        for character in text:
            if character not in places:
                raise ValueError(
                    f"y contains {text!r}, whose {character!r} is not in the alphabet "
                    f"{alphabet!r}: add it to alphabet, or leave it out of y."
                )
    return [np.array([places[c] for c in text], dtype=np.int64) for text in texts]
