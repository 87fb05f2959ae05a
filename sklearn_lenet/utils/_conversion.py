"""Whatever a user may pass as X or y, as an array, or an error that says what would work."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import issparse

GREY = np.array([0.299, 0.587, 0.114])
"""The weights of red, green and blue in grey, as in Pillow."""


CHUNK = 1024
"""Images that become grey at a time."""


def as_array(X: Any, name: str) -> Any:
    """Return X with a shape: an array, or a table of pandas or polars as it is.

    Tensors of torch become arrays, images in colour become grey. An error is raised for what has
    no pixels.
    """
    if issparse(X):
        raise TypeError(
            f"X is a sparse {X.format} matrix, but {name} needs dense pixels: use X.toarray()."
        )
    X = as_numpy(X)
    if not hasattr(X, "shape"):
        if not (hasattr(X, "__array__") or isinstance(X, Sequence)):
            how = "X.collect()" if hasattr(X, "collect") else "np.stack([image for image in X])"
            raise TypeError(
                f"X is of type {type(X).__name__}, but {name} needs an array or a table: use {how}."
            )
        X = np.asarray(X)
    _check_types(X, name)
    return as_grey(X)


def as_numpy(value: Any) -> Any:
    """Return tensors of torch as arrays, what Dask computes later, and the rest as it is."""
    package = type(value).__module__.split(".")[0]
    if package in ("dask", "dask_expr") and hasattr(value, "compute"):
        return value.compute()
    if package != "torch" or not hasattr(value, "detach"):
        return value
    value = value.detach().cpu()
    if "float8" in str(value.dtype) or "bfloat16" in str(value.dtype):
        value = value.float()  # NumPy has no such types
    return value.numpy()


def as_labels(y: Any) -> Any:
    """Return labels in a type of NumPy where pandas has a type of its own that allows for NaN.

    One-hot rows raise a ValueError.
    """
    y = as_numpy(y)
    numpy_type = getattr(getattr(y, "dtype", None), "numpy_dtype", None)
    if numpy_type is not None and not y.isna().any():
        y = y.to_numpy(dtype=numpy_type)
    shape = np.shape(y) if isinstance(y, np.ndarray) else getattr(y, "shape", ())
    if len(shape) == 2 and shape[1] > 1:
        rows = np.asarray(y)
        one_hot = rows.dtype.kind in "buif" and ((rows == 0) | (rows == 1)).all()
        if one_hot and (rows.sum(axis=1) == 1).all():
            raise ValueError(
                f"y should be a 1d array, but has one-hot rows of shape {shape}: use "
                "y.argmax(axis=1)."
            )
    return y


def as_grey(X: Any) -> Any:
    """Return images of three colours as grey images, and anything else as it is.

    >>> as_grey(np.array([[[[255, 0, 0]], [[0, 255, 0]]]], dtype=np.uint8))
    array([[[ 76],
            [150]]], dtype=uint8)
    """
    if len(X.shape) != 4 or 1 in (X.shape[1], X.shape[3]):
        return X
    axis = 3 if X.shape[3] == 3 else 1
    if X.shape[axis] != 3:
        return X
    images = np.moveaxis(np.asarray(X), axis, 3)
    kind = images.dtype if images.dtype.kind == "f" or images.dtype == np.uint8 else np.float64
    grey = np.empty(images.shape[:3], dtype=kind)
    for start in range(0, len(images), CHUNK):
        part = images[start : start + CHUNK]
        if kind == np.uint8:  # the whole numbers of Pillow
            part = (part @ np.rint(GREY * 2**16).astype(np.uint32) + 2**15) >> 16
        else:
            part = part @ GREY
        grey[start : start + CHUNK] = part
    return grey


def _check_types(X: Any, name: str) -> None:
    """Raise an error if X contains strings, dates, paths or complex numbers."""
    kinds = {getattr(dtype, "kind", "") for dtype in _dtypes(X)}
    if "c" in kinds:
        raise ValueError(
            f"Complex data not supported: X has the type {X.dtype}; use X.real or np.abs(X)."
        )
    if kinds & {"M", "m"}:
        raise ValueError(f"X contains dates or times, but {name} needs pixels: leave them out.")
    first = first_value(X)
    if _is_path(first):
        path = str(os.fspath(first))
        raise ValueError(
            f"X contains paths such as {path!r}, but {name} needs pixels: put a reader before it, "
            f"make_pipeline(DigitImageReader(), {name}())."
        )
    if kinds & {"U", "S", "V", "T"} or (isinstance(first, str) and len(X.shape) == 1):
        raise ValueError(
            f"X contains strings ({getattr(X, 'dtype', 'str')}), but {name} needs numbers: use "
            "X.astype(float)."
        )


def _dtypes(X: Any) -> list[Any]:
    """Return the types of all columns."""
    if hasattr(X, "dtypes"):
        types = X.dtypes
        return list(types) if isinstance(types, Sequence) or hasattr(types, "shape") else [types]
    return [getattr(X, "dtype", None)]


def first_value(X: Any) -> Any:
    """Return the first value of X if it may be an object."""
    if 0 in X.shape or not X.shape:
        return None
    if isinstance(X, np.ndarray):
        return X.flat[0] if X.dtype.kind in "OUT" else None
    if len(X.shape) > 2 or not hasattr(X, "__array__"):
        return None
    return np.asarray(X[:1]).flat[0]


def _is_path(value: Any) -> bool:
    """Return whether a value is a path, or a string that is no number but ends as files do."""
    if isinstance(value, os.PathLike):
        return True
    if not isinstance(value, str):
        return False
    ending = os.path.splitext(value)[1][1:]
    return ending[:1].isalpha() and ending.isalnum()
