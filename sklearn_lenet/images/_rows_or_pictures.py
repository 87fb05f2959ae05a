"""What X is: a table with a picture in each row, or a sequence of pictures."""

from __future__ import annotations

import os
from collections.abc import Iterable
from numbers import Number
from typing import Any

import numpy as np
from PIL import Image
from scipy.sparse import issparse

from ..utils import Field, Pixels, first_value, lay_on_field, smallest_square
from ._errors import UnreadableImageError
from ._mnist_form import SIDE


def is_table(X: Any) -> bool:
    """Return whether X is a table of numbers rather than a sequence of pictures.

    >>> is_table([[0, 1], [2, 3]]), is_table([np.zeros((9, 9))]), is_table(["a.png"])
    (True, False, False)
    """
    if issparse(X):
        return True
    if is_column(X):
        return False
    if hasattr(X, "__array__") and not isinstance(X, Image.Image):
        X = X if hasattr(X, "shape") else np.asarray(X)
        return len(X.shape) == 2 or (len(X.shape) < 2 and getattr(X, "dtype", "O") != "O")
    if not isinstance(X, list | tuple) or not X:
        return False
    return np.ndim(X[0]) == 1 or isinstance(X[0], Number)


def is_column(X: Any) -> bool:
    """Return whether X is an array, a series or a table with one column of pictures or paths.

    >>> is_column(np.array([["a.png"], ["b.png"]])), is_column(np.zeros((2, 1)))
    (True, False)
    """
    shape = getattr(X, "shape", None)
    if isinstance(X, Image.Image) or shape is None or not hasattr(X, "__array__"):
        return False
    if len(shape) not in (1, 2) or shape[1:] not in ((), (1,)):
        return False
    return isinstance(first_value(X), str | os.PathLike | Image.Image | np.ndarray)


def as_sequence(X: Any) -> Iterable[Any]:
    """Return X as a sequence of pictures; a single path or PIL image is a sequence of one."""
    if isinstance(X, str | os.PathLike | Image.Image):
        return [X]
    if is_column(X):
        values: list[Any] = np.asarray(X).ravel().tolist()
        return values
    if not isinstance(X, Iterable):
        raise UnreadableImageError(f"X is of type {type(X).__name__}; pass a list of pictures.")
    return X


def squares_of(rows: Pixels) -> Pixels:
    """Return each row as a square image, the smallest that fits, enlarged to nearly 28x28.

    Floats may have any scale: the values of each row are stretched to the range from 0 to 1.
    """
    if rows.dtype.kind == "f":
        rows = rows.astype(np.float64)  # the range of float32 is too large for float32
        lowest = rows.min(axis=1, keepdims=True)
        span = rows.max(axis=1, keepdims=True) - lowest
        rows = (rows - lowest) / np.where(span > 0, span, 1)
    shape = smallest_square(rows.shape[1])
    side = max(SIDE, shape.height)
    return lay_on_field(rows, shape, Field(side, side), fill=0)
