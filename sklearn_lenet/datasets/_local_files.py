"""MNIST's files on this machine: in the folder of an environment variable, or in the cache."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from pathlib import Path

import pooch

from ._official_files import CHECKSUMS, DATA_VARIABLE, SIZES, is_official


def cache_folder(data_home: str | os.PathLike[str] | None = None) -> Path:
    """Return the folder into which files are downloaded; the user's cache folder for None."""
    folder = Path(pooch.os_cache("sklearn_lenet") if data_home is None else data_home)
    return folder.expanduser()


def read_local_files(names: list[str], cache: Path) -> dict[str, bytes]:
    """Return the unpacked contents of each file that is in the user's folder or in the cache.

    A file in the cache with other contents than MNIST's counts as missing. In the folder that the
    user chose it is a ValueError.
    """
    contents: dict[str, bytes] = {}
    folder = _data_folder()
    for name in names:
        own = list(_unpacked(folder, name)) if folder else []
        # A damaged plain file does not hide a complete packed one beside it.
        content = next((c for c in own if is_official(name, c)), None)
        if own and content is None:
            raise ValueError(
                f"{name} in {DATA_VARIABLE}={folder} is not MNIST's file; its unpacked contents "
                f"must have the SHA-256 {CHECKSUMS[name]}."
            )
        if content is None:
            content = next((c for c in _unpacked(cache, name) if is_official(name, c)), None)
        if content is not None:
            contents[name] = content
    return contents


def _data_folder() -> Path | None:
    """Return the folder that the environment variable names."""
    folder = os.environ.get(DATA_VARIABLE)
    return Path(folder).expanduser() if folder else None


def _paths_of(folder: Path, name: str) -> list[Path]:
    """Return the paths of a file, plain and packed, that exist."""
    return [path for path in (folder / name, folder / f"{name}.gz") if path.is_file()]


def _unpacked(folder: Path, name: str) -> Iterator[bytes]:
    """Yield the unpacked contents of a file, plain and packed; b"" for a damaged one."""
    for path in _paths_of(folder, name):
        if path.suffix != ".gz":
            yield path.read_bytes()
            continue
        unpack = zlib.decompressobj(wbits=31)  # gzip
        try:
            yield unpack.decompress(path.read_bytes(), SIZES[name] + 1)
        except zlib.error:
            yield b""
