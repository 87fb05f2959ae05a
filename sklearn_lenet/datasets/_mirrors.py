"""MNIST's files from the mirrors and from OpenML."""

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
"""Folders that hold the four files as .gz, asked in turn; OpenML comes last."""

N_TEST = 10_000
"""How many of OpenML's rows, its last ones, are the test set."""

TIMEOUT = 30
"""Seconds that a mirror may stay silent."""


# Files from elsewhere


def download_files(names: list[str], cache: Path) -> dict[str, bytes]:
    """Fetch files into the cache, each from the first mirror that has it whole."""
    failures: list[str] = []
    contents: dict[str, bytes] = {}
    for name in names:
        content = _from_mirrors(name, cache, failures)
        if content is None:
            return contents | _from_openml(names[len(contents) :], cache, failures)
        contents[name] = content
    return contents


def _from_mirrors(name: str, cache: Path, failures: list[str]) -> bytes | None:
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
        # A ValueError is pooch's word for a wrong checksum, EOFError and zlib.error gzip's
        # for half a file; every other failure of net or disk is an OSError.
        except (RequestException, OSError, EOFError, zlib.error, ValueError) as error:
            failures.append(f"{url} ({_in_short(error)})")
        else:
            return Path(path).read_bytes()
    return None


def _download_and_unpack(url: str, output_file: Any, pooch_: Any) -> None:
    """Do pooch's part between the net and the checksum: the checksum is of the contents."""
    packed = io.BytesIO()
    name = url.rsplit("/", 1)[-1]
    # Without a terminal (disable=None) there is no bar; pooch sets the true total.
    bar = tqdm(desc=name, total=1, unit="B", unit_scale=True, disable=None, leave=False)
    pooch.HTTPDownloader(progressbar=bar, timeout=TIMEOUT)(url, packed, pooch_)
    Path(output_file).write_bytes(gzip.decompress(packed.getvalue()))


def _from_openml(names: list[str], cache: Path, failures: list[str]) -> dict[str, bytes]:
    """Rebuild the official files from OpenML's table, which keeps their order."""
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
    except Exception as error:  # whatever goes wrong there, the caller needs one clear answer
        failures.append(f"OpenML's mnist_784 ({_in_short(error)})")
        raise OSError(
            f"MNIST could not be downloaded, tried {', '.join(failures)}: {advice(cache)}"
        ) from error
    cache.mkdir(parents=True, exist_ok=True)
    for name in names:
        partial = cache / f"{name}.{os.getpid()}.part"
        partial.write_bytes(built[name])
        partial.replace(cache / name)  # so that a file in the cache is always whole
    return {name: built[name] for name in names}


@contextmanager
def _quiet_pooch() -> Iterator[None]:
    logger = pooch.get_logger()
    level = logger.level
    logger.setLevel("WARNING")
    try:
        yield
    finally:
        logger.setLevel(level)


def _in_short(error: Exception) -> str:
    lines = str(error).splitlines()
    return f"{type(error).__name__}: {lines[0][:120]}" if lines else type(error).__name__
