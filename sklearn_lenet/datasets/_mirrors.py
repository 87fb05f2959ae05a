"""Downloads MNIST's files: from mirrors, and from OpenML if they all fail."""

from __future__ import annotations

import gzip
import io
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pooch
from requests.exceptions import RequestException
from sklearn.datasets import fetch_openml
from tqdm import tqdm

from ._idx_files import write_idx
from ._official_files import CHECKSUMS, advice, is_official

MIRRORS = [
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://raw.githubusercontent.com/fgnt/mnist/master/",
]
"""Addresses with the four files as .gz, tried in this order; OpenML is tried last."""

N_TEST = 10_000
"""The last rows of OpenML's table, this many, are the test set."""

TIMEOUT = 30
"""A mirror that sends nothing for this many seconds counts as failed."""


def download_files(names: list[str], cache: Path) -> dict[str, bytes]:
    """Download files into the cache, each from the first mirror with the correct contents."""
    failures: list[str] = []  # what failed and why, for the error message
    contents: dict[str, bytes] = {}
    for name in names:
        content = _from_mirrors(name, cache, failures)
        if content is None:
            return contents | _from_openml(names[len(contents) :], cache, failures)
        contents[name] = content
    return contents


def _from_mirrors(name: str, cache: Path, failures: list[str]) -> bytes | None:
    """Return the contents of a file from the first mirror that works; None if none does."""
    for mirror in list(MIRRORS):
        url = f"{mirror}{name}.gz"
        try:
            with _quiet_pooch():
                path = pooch.retrieve(
                    url,
                    known_hash=f"sha256:{CHECKSUMS[name]}",
                    fname=name,
                    path=cache,
                    downloader=_download_and_unpack,
                )
        # pooch raises ValueError for a wrong checksum; gzip raises EOFError or zlib.error for an
        # incomplete file. Every other failure of the network or the disk is an OSError.
        except (RequestException, OSError, EOFError, zlib.error, ValueError) as error:
            failures.append(f"{url} ({_in_short(error)})")
        else:
            return Path(path).read_bytes()
    return None


def _download_and_unpack(url: str, output_file: Any, pooch_: Any) -> None:
    """Download for pooch and unpack, because the checksums are of the unpacked contents."""
    packed = io.BytesIO()
    name = url.rsplit("/", 1)[-1]
    # disable=None shows the bar on a terminal only. pooch sets the true total.
    bar = tqdm(desc=name, total=1, unit="B", unit_scale=True, disable=None, leave=False)
    pooch.HTTPDownloader(progressbar=bar, timeout=TIMEOUT)(url, packed, pooch_)
    Path(output_file).write_bytes(gzip.decompress(packed.getvalue()))


def _from_openml(names: list[str], cache: Path, failures: list[str]) -> dict[str, bytes]:
    """Build the official files from OpenML's table, which has the rows in the same order."""
    try:
        table = fetch_openml(
            "mnist_784", version=1, as_frame=False, parser="liac-arff", cache=False
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
    cache.mkdir(parents=True, exist_ok=True)
    for name in names:
        partial = cache / f"{name}.{os.getpid()}.part"
        partial.write_bytes(built[name])
        partial.replace(cache / name)  # a file in the cache is always complete
    return {name: built[name] for name in names}


@contextmanager
def _quiet_pooch() -> Iterator[None]:
    """Silence pooch's messages about downloads."""
    logger = pooch.get_logger()
    level = logger.level
    logger.setLevel("WARNING")
    try:
        yield
    finally:
        logger.setLevel(level)


def _in_short(error: Exception) -> str:
    """Return the type of an error and the start of its message."""
    lines = str(error).splitlines()
    return f"{type(error).__name__}: {lines[0][:120]}" if lines else type(error).__name__
