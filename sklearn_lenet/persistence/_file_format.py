"""The model file: a zip of a JSON and of safetensors weights, checked before anything is believed.

Nothing in it is ever executed or unpickled. Entries are stored uncompressed under three fixed
names, so that nothing can unfold to more than the file holds or land outside it.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load as arrays_of
from safetensors.numpy import save as bytes_of

from ..utils import write_whole

Arrays = dict[str, NDArray[Any]]

MODEL, WEIGHTS, SUMS = "model.json", "weights.safetensors", "SHA256SUMS"

PICKLES = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")

WHEN = (1980, 1, 1, 0, 0, 0)
"""The date of every entry: the same model makes the same bytes."""


class ModelFileError(ValueError):
    """A file that is no whole, untouched model file.

    Examples
    --------
    >>> from tempfile import NamedTemporaryFile
    >>> from sklearn_lenet import ModelFileError, load_model
    >>> with NamedTemporaryFile() as empty:
    ...     try:
    ...         load_model(empty.name)
    ...     except ModelFileError:
    ...         print("no model")
    no model
    """


def write(path: str | os.PathLike[str], model: dict[str, Any], arrays: Arrays) -> None:
    """Write a model file beside ``path`` and rename it: an old file is whole until then."""
    target = Path(path)
    contents = {
        MODEL: json.dumps(model, indent=1, allow_nan=True).encode(),
        WEIGHTS: bytes_of({name: np.ascontiguousarray(a) for name, a in arrays.items()}),
    }
    contents[SUMS] = _sums(contents)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name, WHEN), content)
    write_whole(target, packed.getvalue())


def read(path: str | os.PathLike[str]) -> tuple[dict[str, Any], Arrays]:
    """Return the JSON and the arrays of a model file, or raise a ModelFileError."""
    source = Path(path)
    size = source.stat().st_size
    contents = _entries(source, size)
    if contents[SUMS] != _sums(contents):
        raise ModelFileError(
            f"{source} was changed after it was saved, its checksums do not fit: save the model "
            "again."
        )
    try:
        model = json.loads(contents[MODEL])
        arrays = arrays_of(contents[WEIGHTS])
    except (ValueError, RecursionError, SafetensorError, KeyError, TypeError) as error:
        raise ModelFileError(
            f"{source} holds no readable model: {error}. Save the model again."
        ) from error
    if not isinstance(model, dict):
        raise ModelFileError(f"{source} holds no model but a {type(model).__name__}.")
    return model, arrays


def _entries(source: Path, size: int) -> dict[str, bytes]:
    """Return the three entries; refuse everything that is not just these."""
    try:
        with zipfile.ZipFile(source) as archive:
            infos = archive.infolist()
            names = [info.filename for info in infos]
            if sorted(names) != sorted([MODEL, WEIGHTS, SUMS]):
                raise ModelFileError(
                    f"{source} holds {', '.join(map(repr, names[:5]))}, but a model file holds "
                    f"{MODEL}, {WEIGHTS} and {SUMS} and nothing else."
                )
            for info in infos:
                if info.compress_type != zipfile.ZIP_STORED or info.file_size > size:
                    raise ModelFileError(
                        f"{source} declares {info.file_size:,} bytes of {info.filename}, "
                        f"compressed to {info.compress_size:,}: a model file is not compressed."
                    )
            return {info.filename: archive.read(info) for info in infos}
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        if isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError):
            raise
        raise ModelFileError(_what_else(source)) from error


def _what_else(source: Path) -> str:
    """Return the sentence on a file that is no readable zip."""
    with source.open("rb") as file:
        start = file.read(4)
    if start.startswith(PICKLES):
        return (
            f"{source} is a pickle, which can run any code when it is loaded: load it with "
            "pickle or joblib if you trust whoever made it, then save it with save_model."
        )
    if start.startswith(b"PK"):
        return f"{source} is cut short or damaged: save or copy the model again."
    return f"{source} is no model file: load_model reads what save_model wrote."


def _sums(contents: dict[str, bytes]) -> bytes:
    """Return the checksums as `sha256sum` writes them."""
    names = [MODEL, WEIGHTS]
    lines = [f"{hashlib.sha256(contents[name]).hexdigest()}  {name}\n" for name in names]
    return "".join(lines).encode()
