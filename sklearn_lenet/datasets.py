"""fetch_mnist: MNIST from a folder, the cache, or the first mirror that has it whole."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pooch
from numpy.typing import NDArray
from requests.exceptions import RequestException
from sklearn.datasets import fetch_openml
from sklearn.utils import Bunch
from sklearn.utils._param_validation import StrOptions, validate_params
from tqdm import tqdm

DATA_VARIABLE = "SKLEARN_LENET_DATA"
"""The environment variable that names a folder with MNIST's files."""

MIRRORS = [
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://raw.githubusercontent.com/fgnt/mnist/master/",
]
"""Folders that hold the four files as .gz, asked in turn; OpenML comes last."""

CHECKSUMS = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
"""SHA-256 of each file's unpacked contents: the .gz around them differs between mirrors."""

FILES = {
    "train": ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"],
    "test": ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"],
}

N_TEST = 10_000
"""How many of OpenML's rows, its last ones, are the test set."""

TIMEOUT = 30
"""Seconds that a mirror may stay silent."""

DESCRIPTION = """\
MNIST: 60,000 handwritten digits to train on and 10,000 to test on, 28x28 pixels,
0 for the background to 255 for the ink, centred by their centre of mass.
By Yann LeCun, Corinna Cortes and Christopher J. C. Burges; licence CC BY-SA 3.0.
"""


@validate_params(
    {
        "split": [StrOptions({"train", "test", "all"})],
        "data_home": [str, os.PathLike, None],
        "return_X_y": ["boolean"],
        "as_frame": ["boolean"],
        "flatten": ["boolean"],
        "download_if_missing": ["boolean"],
    },
    prefer_skip_nested_validation=True,
)
def fetch_mnist(
    *,
    split: str = "train",
    data_home: str | os.PathLike[str] | None = None,
    return_X_y: bool = False,
    as_frame: bool = False,
    flatten: bool = True,
    download_if_missing: bool = True,
) -> Any:
    """Load MNIST's official training set, test set, or both.

    The files are looked for in the folder that the environment variable
    ``SKLEARN_LENET_DATA`` names, then in the cache, then on three mirrors and
    on OpenML. Their contents are held to known checksums wherever they come from.

    Parameters
    ----------
    split : {"train", "test", "all"}, default="train"
        60,000 training digits, 10,000 test digits, or first the one, then the other.
    data_home : str or path-like, default=None
        The folder of the cache; None is the user's cache folder.
    return_X_y : bool, default=False
        Return ``(data, target)`` in place of the Bunch.
    as_frame : bool, default=False
        Return pandas objects; needs ``flatten``.
    flatten : bool, default=True
        Return the data as (n, 784) rows; False returns (n, 28, 28) images.
    download_if_missing : bool, default=True
        Raise an OSError if False and the files are not at hand.

    Returns
    -------
    mnist : Bunch or tuple
        A Bunch of ``data`` (uint8), ``target`` (int64), ``images`` (n, 28, 28),
        ``frame``, ``feature_names``, ``target_names`` and ``DESCR``; or the tuple
        ``(data, target)``.

    Raises
    ------
    OSError
        If the files are neither at hand nor to be downloaded.
    ValueError
        If a file in ``SKLEARN_LENET_DATA`` is not MNIST's.

    Examples
    --------
    >>> from sklearn_lenet import fetch_mnist
    >>> X, y = fetch_mnist(return_X_y=True)  # doctest: +SKIP
    >>> X.shape, X.dtype, y.dtype            # doctest: +SKIP
    ((60000, 784), dtype('uint8'), dtype('int64'))
    """
    if as_frame and not flatten:
        raise ValueError("as_frame=True came with flatten=False, but a frame has flat rows.")
    cache = Path(pooch.os_cache("sklearn_lenet") if data_home is None else data_home)
    splits = ["train", "test"] if split == "all" else [split]
    names = [name for split in splits for name in FILES[split]]
    contents = _find(names, cache.expanduser(), download_if_missing)

    images = np.concatenate([_read_idx(contents[FILES[split][0]]) for split in splits])
    target = np.concatenate([_read_idx(contents[FILES[split][1]]) for split in splits])
    target = target.astype(np.int64)
    data = images.reshape(len(images), -1) if flatten else images
    side = range(images.shape[1])
    feature_names = [f"pixel_{row}_{column}" for row in side for column in side]
    frame = None
    if as_frame:
        frame, data, target = _as_frame(data, target, feature_names)
    if return_X_y:
        return data, target
    return Bunch(
        data=data,
        target=target,
        images=images,
        frame=frame,
        feature_names=feature_names,
        target_names=np.arange(10),
        DESCR=DESCRIPTION,
    )


def _as_frame(data: NDArray[Any], target: NDArray[Any], names: list[str]) -> tuple[Any, Any, Any]:
    try:
        import pandas as pd
    except ImportError as error:
        raise ImportError(
            "fetch_mnist(as_frame=True) needs pandas: pip install 'sklearn_lenet[pandas]'."
        ) from error
    frame = pd.DataFrame(data, columns=names)
    labels = pd.Series(target, name="target")
    return pd.concat([frame, labels], axis=1), frame, labels


# Files at hand


def _find(names: list[str], cache: Path, download: bool) -> dict[str, bytes]:
    """Return the unpacked contents of each file from the first place that has it."""
    contents: dict[str, bytes] = {}
    named = os.environ.get(DATA_VARIABLE)
    for name in names:
        found = _read(Path(named).expanduser(), name) if named else None
        if found is not None and not _is_right(name, found):
            raise ValueError(
                f"{name} in {DATA_VARIABLE}={named} is not MNIST's file: "
                f"its unpacked contents need the SHA-256 {CHECKSUMS[name]}."
            )
        if found is None:
            found = _read(cache, name)
        if found is not None and _is_right(name, found):
            contents[name] = found
    missing = [name for name in names if name not in contents]
    if missing and not download:
        raise OSError(f"MNIST is not at hand and download_if_missing is False: {_advice(cache)}")
    return contents | (_download(missing, cache) if missing else {})


def _read(folder: Path, name: str) -> bytes | None:
    """Return a file's unpacked contents, None where it is absent, b"" where it is broken."""
    if (folder / name).is_file():
        return (folder / name).read_bytes()
    if (folder / f"{name}.gz").is_file():
        try:
            return gzip.decompress((folder / f"{name}.gz").read_bytes())
        except (OSError, EOFError, zlib.error):
            return b""
    return None


def _is_right(name: str, content: bytes) -> bool:
    return hashlib.sha256(content).hexdigest() == CHECKSUMS[name]


def _read_idx(content: bytes) -> NDArray[np.uint8]:
    """Read an IDX file of unsigned bytes: two zeros, type 8, rank, sizes, values."""
    rank = content[3]
    shape = struct.unpack_from(f">{rank}I", content, offset=4)
    return np.frombuffer(content, dtype=np.uint8, offset=4 + 4 * rank).reshape(shape)


def _write_idx(values: NDArray[np.uint8]) -> bytes:
    header = struct.pack(f">BBBB{values.ndim}I", 0, 0, 8, values.ndim, *values.shape)
    return header + values.tobytes()


# Files from elsewhere


def _download(names: list[str], cache: Path) -> dict[str, bytes]:
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
        built = dict(zip(CHECKSUMS, map(_write_idx, arrays), strict=True))
        if not all(_is_right(name, built[name]) for name in names):
            raise ValueError("checksum does not match")
    except Exception as error:  # whatever goes wrong there, the caller needs one clear answer
        failures.append(f"OpenML's mnist_784 ({_in_short(error)})")
        raise OSError(
            f"MNIST could not be downloaded, tried {', '.join(failures)}: {_advice(cache)}"
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


def _advice(cache: Path) -> str:
    names = ", ".join(CHECKSUMS)
    return (
        f"put {names} (plain or as .gz) into {cache}, "
        f"or set {DATA_VARIABLE} to a folder that holds them."
    )
