"""Plain values in and out of JSON: what an estimator's parameters and fitted attributes hold.

A value that JSON has no word for becomes a dict of one key that names its kind. Arrays of
numbers go beside, under the name of where they were found.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ..utils import PixelScale, Shape
from ._file_format import Arrays, ModelFileError

TUPLES: dict[str, Any] = {"Shape": Shape, "PixelScale": PixelScale}


def plain(value: Any, where: str, arrays: Arrays) -> Any:
    """Return a value as JSON has it; arrays of numbers are put into ``arrays``.

    >>> plain((128, 64), "hidden_layer_sizes", {})
    {'tuple': [128, 64]}
    """
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, torch.device):
        return {"device": str(value)}
    if isinstance(value, np.ndarray):
        return _plain_array(value, where, arrays)
    if isinstance(value, dict):
        return {"dict": [[plain(part, where, arrays) for part in pair] for pair in value.items()]}
    if isinstance(value, list | tuple):
        parts = [plain(part, f"{where}[{k}]", arrays) for k, part in enumerate(value)]
        kind = type(value).__name__
        return parts if isinstance(value, list) else {kind if kind in TUPLES else "tuple": parts}
    raise ValueError(
        f"{where.split('.')[-1]}={value!r} is code or an object, which a model file does not hold: "
        f"set it to what can be written down, or to its default, before you save."
    )


def _plain_array(value: NDArray[Any], where: str, arrays: Arrays) -> dict[str, Any]:
    if value.dtype.kind in "UO" or (value.dtype.kind == "f" and value.dtype.itemsize > 8):
        listed = [plain(part, where, arrays) for part in value.tolist()]
        return {"array": {"dtype": value.dtype.str, "values": listed}}
    if value.dtype.kind not in "biuf":
        raise ValueError(
            f"{where.split('.')[-1]} is an array of {value.dtype}, which a model file does not "
            "hold: use numbers or strings."
        )
    arrays[where] = value.astype(value.dtype.newbyteorder("="))
    return {"array": where}


def value_of(told: Any, arrays: Arrays) -> Any:
    """Return the value that `plain` wrote.

    >>> value_of({"tuple": [128, 64]}, {})
    (128, 64)
    """
    if isinstance(told, list):
        return [value_of(part, arrays) for part in told]
    if not isinstance(told, dict):
        return told
    try:
        ((kind, content),) = told.items()
        if kind == "array":
            return _array_of(content, arrays)
        if kind == "dict":
            return {value_of(key, arrays): value_of(value, arrays) for key, value in content}
        if kind == "device":
            return torch.device(content)
        parts = [value_of(part, arrays) for part in content]
        return tuple(parts) if kind == "tuple" else TUPLES[kind](*parts)
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise ModelFileError(
            f"The model's JSON holds {str(told)[:80]}, which is no value."
        ) from error


def _array_of(content: Any, arrays: Arrays) -> NDArray[Any]:
    if isinstance(content, str):
        return arrays[content]
    dtype = np.dtype(str(content["dtype"]))
    values = value_of(content["values"], arrays)
    if dtype.kind not in "UO" or not all(isinstance(v, str | int | float) for v in values):
        raise TypeError
    return np.array(values, dtype=dtype)
