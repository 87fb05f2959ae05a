"""fetch_mnist: loads MNIST from a folder, from the cache, or from a download."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils import Bunch
from sklearn.utils._param_validation import StrOptions, validate_params

from ._idx_files import read_idx
from ._local_files import cache_folder, read_local_files
from ._mirrors import download_files
from ._official_files import FILES, advice

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

    The files are searched in the folder that the environment variable
    ``SKLEARN_LENET_DATA`` names, then in the cache, then on three mirrors and
    on OpenML. Their contents are compared with known checksums in every case.

    Parameters
    ----------
    split : {"train", "test", "all"}, default="train"
        60,000 training digits, 10,000 test digits, or the training digits
        followed by the test digits.
    data_home : str or path-like, default=None
        The cache folder; None for the user's cache folder.
    return_X_y : bool, default=False
        If True, return ``(data, target)`` instead of the Bunch.
    as_frame : bool, default=False
        If True, return pandas objects; needs ``flatten=True``.
    flatten : bool, default=True
        If True, return the data as rows of shape (n, 784); if False, as images
        of shape (n, 28, 28).
    download_if_missing : bool, default=True
        If False, raise an OSError if the files are not on this machine.

    Returns
    -------
    mnist : Bunch or tuple
        A Bunch of ``data`` (uint8), ``target`` (int64), ``images`` (n, 28, 28),
        ``frame``, ``feature_names``, ``target_names`` and ``DESCR``; or the tuple
        ``(data, target)``.

    Raises
    ------
    OSError
        If the files are not on this machine and cannot be downloaded.
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
        raise ValueError("as_frame=True needs flatten=True; a frame has flat rows.")
    cache = cache_folder(data_home)
    splits = ["train", "test"] if split == "all" else [split]
    names = [name for split in splits for name in FILES[split]]
    contents = read_local_files(names, cache)
    missing = [name for name in names if name not in contents]
    if missing and not download_if_missing:
        raise OSError(
            f"MNIST is not on this machine and download_if_missing is False; {advice(cache)}"
        )
    if missing:
        contents |= download_files(missing, cache)

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
            "fetch_mnist(as_frame=True) needs pandas; pip install 'sklearn_lenet[pandas]'."
        ) from error
    frame = pd.DataFrame(data, columns=names)
    labels = pd.Series(target, name="target")
    return pd.concat([frame, labels], axis=1), frame, labels
