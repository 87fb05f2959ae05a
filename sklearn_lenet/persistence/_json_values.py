"""Parameters and fitted attributes as JSON values, and back.

A value that JSON cannot express becomes a dict with one key that names its type. Arrays of numbers
are stored beside the JSON, under the name of the value.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ..utils import PixelScale, Shape
from ._errors import ModelFileError
from ._zip_archive import Arrays

LONGEST_LABEL = 4096
"""The largest size in bytes of a label; every label of an array takes as much memory."""

NAMED_TUPLES: dict[str, Any] = {"Shape": Shape, "PixelScale": PixelScale}
"""The named tuples that a model file can contain."""


def to_json_value(value: Any, name: str, arrays: Arrays) -> Any:
    """Return a value as JSON; add its arrays of numbers to ``arrays``.

    >>> to_json_value((128, 64), "hidden_layer_sizes", {})
    {'tuple': [128, 64]}
    """
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, torch.device):
        return {"device": str(value)}
    if isinstance(value, np.ndarray):
        return _array_to_json(value, name, arrays)
    if isinstance(value, dict):
        pairs = value.items()
        return {"dict": [[to_json_value(part, name, arrays) for part in pair] for pair in pairs]}
    if isinstance(value, list | tuple):
        parts = [to_json_value(part, f"{name}[{k}]", arrays) for k, part in enumerate(value)]
        if isinstance(value, list):
            return parts
        type_name = type(value).__name__
        return {type_name if type_name in NAMED_TUPLES else "tuple": parts}
    raise ValueError(
        f"{_short(name)}={value!r} is code or an object, which a model file cannot contain; set it "
        "to a number, a string, a list, a dict or its default before you save."
    )


def _array_to_json(value: NDArray[Any], name: str, arrays: Arrays) -> dict[str, Any]:
    if value.dtype.kind in "UO" or (value.dtype.kind == "f" and value.dtype.itemsize > 8):
        values = [to_json_value(part, name, arrays) for part in value.tolist()]
        return {"array": {"dtype": value.dtype.str, "values": values}}
    if value.dtype.kind not in "biuf":
        raise ValueError(
            f"{_short(name)} is an array of {value.dtype}, which a model file cannot contain; use "
            "numbers or strings."
        )
    arrays[name] = value.astype(value.dtype.newbyteorder("="))
    return {"array": name}


def _short(name: str) -> str:
    """Return the last part of a dotted name: the parameter or attribute."""
    return name.split(".")[-1]


def from_json_value(json_value: Any, arrays: Arrays) -> Any:
    """Return the value that `to_json_value` wrote.

    >>> from_json_value({"tuple": [128, 64]}, {})
    (128, 64)
    """
    if isinstance(json_value, list):
        return [from_json_value(part, arrays) for part in json_value]
    if not isinstance(json_value, dict):
        return json_value
    try:
        ((type_name, content),) = json_value.items()
        if type_name == "array":
            return _array_from_json(content, arrays)
        if type_name == "dict":
            return {
                from_json_value(key, arrays): from_json_value(value, arrays)
                for key, value in content
            }
        if type_name == "device":
            return torch.device(content)
        parts = [from_json_value(part, arrays) for part in content]
        return tuple(parts) if type_name == "tuple" else NAMED_TUPLES[type_name](*parts)
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise ModelFileError(
            f"its JSON contains {str(json_value)[:80]}, which is not a readable value."
        ) from error


def _array_from_json(content: Any, arrays: Arrays) -> NDArray[Any]:
    if isinstance(content, str):
        return arrays[content]
    dtype = np.dtype(str(content["dtype"]))
    values = from_json_value(content["values"], arrays)
    if dtype.kind not in "UO" or not all(isinstance(v, str | int | float) for v in values):
        raise TypeError
    if dtype.itemsize > LONGEST_LABEL:
        raise TypeError
    return np.array(values, dtype=dtype)
