"""MNIST's files on this machine: in the folder of an environment variable, or in the cache."""

from __future__ import annotations

import gzip
import os
import zlib
from pathlib import Path

import pooch

from ._official_files import CHECKSUMS, DATA_VARIABLE, FILES, is_official


def cache_folder(data_home: str | os.PathLike[str] | None = None) -> Path:
    """Return the folder into which files are downloaded; the user's cache folder for None."""
    folder = Path(pooch.os_cache("sklearn_lenet") if data_home is None else data_home)
    return folder.expanduser()


def has_local_files(split: str) -> bool:
    """Return whether the files of a split are in the user's folder or in the cache.

    The files are not read, so this is fast. `read_local_files` checks their contents.
    """
    folders = [folder for folder in (_data_folder(), cache_folder()) if folder]
    return all(any(_path_of(folder, name) for folder in folders) for name in FILES[split])


def read_local_files(names: list[str], cache: Path) -> dict[str, bytes]:
    """Return the unpacked contents of each file that is in the user's folder or in the cache.

    A file in the cache with other contents than MNIST's counts as missing. In the folder that the
    user chose it is a ValueError.
    """
    contents: dict[str, bytes] = {}
    folder = _data_folder()
    for name in names:
        content = _unpacked(folder, name) if folder else None
        if content is not None and not is_official(name, content):
            raise ValueError(
                f"{name} in {DATA_VARIABLE}={folder} is not MNIST's file; its unpacked contents "
                f"must have the SHA-256 {CHECKSUMS[name]}."
            )
        if content is None:
            content = _unpacked(cache, name)
        if content is not None and is_official(name, content):
            contents[name] = content
    return contents


def _data_folder() -> Path | None:
    """Return the folder that the environment variable names."""
    folder = os.environ.get(DATA_VARIABLE)
    return Path(folder).expanduser() if folder else None


def _path_of(folder: Path, name: str) -> Path | None:
    """Return the path of a file, plain or packed; None if the folder has neither."""
    paths = (folder / name, folder / f"{name}.gz")
    return next((path for path in paths if path.is_file()), None)


def _unpacked(folder: Path, name: str) -> bytes | None:
    """Return the unpacked contents of a file: None if it is missing, b"" if it is damaged."""
    path = _path_of(folder, name)
    if path is None:
        return None
    if path.suffix != ".gz":
        return path.read_bytes()
    try:
        return gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error):
        return b""
