"""Downloads of MNIST's files: from the first mirror that works, else built from OpenML's table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from sklearn.datasets import fetch_openml

from ..utils import write_whole
from ._download import LONGEST, download, within
from ._idx_files import write_idx
from ._official_files import CHECKSUMS, SIZES, advice, is_official

MIRRORS = [
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://raw.githubusercontent.com/fgnt/mnist/master/",
]
"""Addresses with the four files as .gz, tried in this order; OpenML is tried last."""

N_TEST = 10_000
"""The last rows of OpenML's table, this many, are the test set."""


def download_files(names: list[str], cache: Path) -> dict[str, bytes]:
    """Download files into the cache, each from the first mirror with the correct contents."""
    failures: list[str] = []  # what failed and why, for the error message
    contents: dict[str, bytes] = {}
    for name in names:
        content = _from_mirrors(name, failures)
        if content is None:
            return contents | _from_openml(names[len(contents) :], cache, failures)
        _write(cache, name, content)
        contents[name] = content
    return contents


def _from_mirrors(name: str, failures: list[str]) -> bytes | None:
    """Return the contents of a file from the first mirror that works; None if none does."""
    for mirror in list(MIRRORS):
        url = f"{mirror}{name}.gz"
        try:
            content = download(url, SIZES[name])
            if not is_official(name, content):
                raise OSError("checksum does not match")
        except OSError as error:
            failures.append(f"{url} ({_in_short(error)})")
        else:
            return content
    return None


def _from_openml(names: list[str], cache: Path, failures: list[str]) -> dict[str, bytes]:
    """Build the official files from OpenML's table, which has the rows in the same order."""
    try:
        table = within(
            LONGEST,
            "mnist_784",
            lambda _: fetch_openml(
                "mnist_784", version=1, as_frame=False, parser="liac-arff", cache=False
            ),
        )
        images = table.data.astype(np.uint8).reshape(-1, 28, 28)
        labels = table.target.astype(np.uint8)
        arrays = [images[:-N_TEST], labels[:-N_TEST], images[-N_TEST:], labels[-N_TEST:]]
        built = dict(zip(CHECKSUMS, map(write_idx, arrays), strict=True))
        if not all(is_official(name, built[name]) for name in names):
            raise ValueError("checksum does not match")
    except Exception as error:  # any failure: the user needs one clear message
        failures.append(f"OpenML's mnist_784 ({_in_short(error)})")
        raise OSError(
            f"MNIST could not be downloaded; {advice(cache)} Tried: {', '.join(failures)}."
        ) from error
    for name in names:
        _write(cache, name, built[name])
    return {name: built[name] for name in names}


def _write(cache: Path, name: str, content: bytes) -> None:
    """Write a file into the cache; the error says what a user can do."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
        write_whole(cache / name, content)
    except OSError as error:
        raise OSError(
            f"{name} was downloaded, but cannot be written to {cache} ({_in_short(error)}): free "
            "some space, or name another folder as data_home."
        ) from error


def _in_short(error: Exception) -> str:
    """Return the type of an error and the start of its message."""
    lines = str(error).splitlines()
    return f"{type(error).__name__}: {lines[0][:120]}" if lines else type(error).__name__
