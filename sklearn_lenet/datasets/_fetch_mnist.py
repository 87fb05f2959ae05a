"""fetch_mnist: MNIST from a folder, the cache, or the first mirror that has it whole."""

from __future__ import annotations

import gzip
import os
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pooch
from numpy.typing import NDArray
from sklearn.utils import Bunch
from sklearn.utils._param_validation import StrOptions, validate_params

from ._idx_files import read_idx
from ._mirrors import download_files
from ._official_files import CHECKSUMS, DATA_VARIABLE, FILES, advice, is_official

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

    images = np.concatenate([read_idx(contents[FILES[split][0]]) for split in splits])
    target = np.concatenate([read_idx(contents[FILES[split][1]]) for split in splits])
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
        if found is not None and not is_official(name, found):
            raise ValueError(
                f"{name} in {DATA_VARIABLE}={named} is not MNIST's file: "
                f"its unpacked contents need the SHA-256 {CHECKSUMS[name]}."
            )
        if found is None:
            found = _read(cache, name)
        if found is not None and is_official(name, found):
            contents[name] = found
    missing = [name for name in names if name not in contents]
    if missing and not download:
        raise OSError(f"MNIST is not at hand and download_if_missing is False: {advice(cache)}")
    return contents | (download_files(missing, cache) if missing else {})


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
