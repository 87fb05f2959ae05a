"""Write a file completely or not at all."""

from __future__ import annotations

import os
import platform
import re
import tempfile
import time
from pathlib import Path

A_DAY = 86_400
"""Seconds after which a temporary file of an unknown process is removed."""


def write_whole(target: Path, content: bytes) -> None:
    """Write a file under a temporary name and rename it, so that no part of a file remains.

    Temporary files of earlier processes that were killed are removed.
    """
    _check_folder(target)
    _remove_left_over(target)
    handle, beside = tempfile.mkstemp(
        dir=target.parent, prefix=f".{target.name}.{platform.node()}-{os.getpid()}."
    )
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(beside, 0o666 & ~umask)  # mkstemp lets nobody else read
        os.replace(beside, target)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def check_writable(target: Path) -> None:
    """Raise an OSError if a file cannot be written in the folder of a path."""
    _check_folder(target)
    if target.is_dir():
        raise IsADirectoryError(f"{target} is a folder: name a file in it.")
    with tempfile.TemporaryFile(dir=target.parent):
        pass


def _check_folder(target: Path) -> None:
    if not target.parent.is_dir():
        raise FileNotFoundError(f"{target.parent} is not a folder: create it, or use another path.")


def _remove_left_over(target: Path) -> None:
    """Remove the temporary files beside a target whose process has ended."""
    pattern = re.compile(rf"\.{re.escape(target.name)}\.(?:(.+)-(\d+)\.)?[a-z0-9_]{{8}}")
    for name in os.listdir(target.parent):  # folders of read_files have many files
        match = pattern.fullmatch(name)
        if match and _is_left_over(target.parent / name, *match.groups()):
            (target.parent / name).unlink(missing_ok=True)


def _is_left_over(path: Path, node: str | None, process: str | None) -> bool:
    """Return whether the process that wrote a temporary file has ended, or the file is old."""
    if os.name == "posix" and node == platform.node() and process is not None:
        try:
            os.kill(int(process), 0)  # sends no signal
        except ProcessLookupError:
            return True
        except (OSError, OverflowError):
            return False
        return False
    try:
        return time.time() - path.stat().st_mtime > A_DAY
    except OSError:  # it has just been renamed
        return False
