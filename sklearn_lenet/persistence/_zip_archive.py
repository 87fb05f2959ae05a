"""The model file as a zip archive of three entries, all checked before any is used.

Nothing in the archive is executed or unpickled. It contains exactly three entries, with fixed names
and without compression. So no entry can be larger than the file or be extracted to another place.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import stat
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load as arrays_from_bytes
from safetensors.numpy import save as bytes_from_arrays

from ..utils import write_whole
from ._errors import ModelFileError

Arrays = dict[str, NDArray[Any]]
"""The arrays of a model by name: the weights, and fitted attributes that are arrays of numbers."""

JSON_ENTRY = "model.json"
"""The name of the entry with the fields of the model."""

WEIGHTS_ENTRY = "weights.safetensors"
"""The name of the entry with the arrays."""

CHECKSUMS_ENTRY = "SHA256SUMS"
"""The name of the entry with the checksums of the other two entries."""

PICKLE_STARTS = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
"""The first bytes of pickles of protocols 2 to 5."""

MOST_BYTES = 2 * 2**30
"""A larger file is not read. The largest nets have weights of 1 GiB."""

UNREADABLE = (
    zipfile.BadZipFile,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
    struct.error,
    zlib.error,
)
"""The errors that zipfile raises for damaged archives."""

ENTRY_DATE = (1980, 1, 1, 0, 0, 0)
"""The date of every entry. It is constant so that saving a model again gives the same bytes."""


def write_archive(path: str | os.PathLike[str], fields: dict[str, Any], arrays: Arrays) -> None:
    """Write the JSON fields and the arrays as a model file; never leave an incomplete file."""
    entries = {
        JSON_ENTRY: json.dumps(fields, indent=1, allow_nan=True).encode(),
        WEIGHTS_ENTRY: bytes_from_arrays(
            {name: np.ascontiguousarray(array) for name, array in arrays.items()}
        ),
    }
    entries[CHECKSUMS_ENTRY] = checksums(entries)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name, ENTRY_DATE), content)
    write_whole(Path(path), packed.getvalue())


def read_archive(path: str | os.PathLike[str]) -> tuple[dict[str, Any], Arrays]:
    """Return the JSON fields and the arrays of a model file, or raise a ModelFileError."""
    source = Path(path)
    entries = _read_entries(source)
    if entries[CHECKSUMS_ENTRY] != checksums(entries):
        raise ModelFileError(
            f"{source} was changed after it was saved, because its checksums do not match; save "
            "the model again."
        )
    try:
        fields = json.loads(entries[JSON_ENTRY])
        arrays = arrays_from_bytes(entries[WEIGHTS_ENTRY])
    except (ValueError, RecursionError, SafetensorError, KeyError, TypeError) as error:
        raise ModelFileError(
            f"{source} contains no readable model ({error}); save the model again."
        ) from error
    if not isinstance(fields, dict):
        raise ModelFileError(
            f"{source} contains no readable model (its JSON is a {type(fields).__name__}); save "
            "the model again."
        )
    return fields, arrays


def checksums(entries: dict[str, bytes]) -> bytes:
    """Return the checksums of the JSON and the weights, as the program ``sha256sum`` does."""
    names = [JSON_ENTRY, WEIGHTS_ENTRY]
    lines = [f"{hashlib.sha256(entries[name]).hexdigest()}  {name}\n" for name in names]
    return "".join(lines).encode()


def _opened(source: Path) -> BinaryIO:
    """Return a model file opened for reading; refuse pipes, devices and huge files."""
    if source.is_dir():
        raise IsADirectoryError(f"{source} is a folder; load_model reads one file.")
    # Without O_NONBLOCK, opening a pipe waits for a writer.
    handle = os.open(
        source, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    )
    file = os.fdopen(handle, "rb")
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode) or status.st_size > MOST_BYTES:
        file.close()
        raise ModelFileError(
            f"{source} is a pipe, a device or a file of more than {MOST_BYTES // 2**30} GiB; "
            "load_model reads regular files up to that size."
        )
    return file


def _read_entries(source: Path) -> dict[str, bytes]:
    """Return the content of the three entries; refuse a file with any other content."""
    with _opened(source) as file:
        size = os.fstat(file.fileno()).st_size
        try:
            with zipfile.ZipFile(file) as archive:
                infos = archive.infolist()
                names = [info.filename for info in infos]
                if sorted(names) != sorted([JSON_ENTRY, WEIGHTS_ENTRY, CHECKSUMS_ENTRY]):
                    raise ModelFileError(
                        f"{source} contains {', '.join(map(repr, names[:5]))}; a model file "
                        f"contains {JSON_ENTRY}, {WEIGHTS_ENTRY} and {CHECKSUMS_ENTRY} and nothing "
                        "else."
                    )
                for info in infos:
                    if info.compress_type != zipfile.ZIP_STORED or info.file_size > size:
                        raise ModelFileError(
                            f"{source} declares {info.file_size:,} bytes of {info.filename}, "
                            f"compressed to {info.compress_size:,}; a model file is not compressed."
                        )
                return {info.filename: archive.read(info) for info in infos}
        except ModelFileError:
            raise
        except UNREADABLE as error:
            file.seek(0)
            raise ModelFileError(_why_unreadable(source, file.read(4))) from error


def _why_unreadable(source: Path, start: bytes) -> str:
    """Return the error message for a file, with these first bytes, that is not a zip archive."""
    if start.startswith(PICKLE_STARTS):
        return (
            f"{source} is a pickle, which can run any code when it is loaded; if you trust its "
            "author, load it with pickle or joblib and save it with save_model."
        )
    if start.startswith(b"PK"):
        return f"{source} is truncated or damaged; save or copy the model again."
    return f"{source} is not a model file; load_model reads files that save_model wrote."
