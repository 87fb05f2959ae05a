"""The default model: loaded from the cache, or trained once on local data and cached."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

import pooch

from .._version import __version__
from ..datasets import has_local_files, local_training_rows
from ..estimators import PICTURES, LeNet5Classifier, make_variant, training_rows
from ..persistence import ModelFileError, load_model, save_model
from ..utils import check_writable

EPOCHS = {"mnist": 8, "digits": 40}
"""The number of epochs for each data set."""

TITLES = {"mnist": "MNIST", "digits": "scikit-learn's bundled digits"}
"""The name of each data set in messages."""


def default_model(tell: Callable[[str], None] | None = None) -> LeNet5Classifier:
    """Return the cached model, or train a model and cache it.

    A model of MNIST is better than a model of scikit-learn's bundled digits. A model of the
    bundled digits is therefore used only if MNIST's files are not on this machine. MNIST is not
    read while a usable model is in the cache, and it is never downloaded.

    The command line passes ``tell``, which is called with each message; each epoch is then
    printed on stderr. Without ``tell``, messages are warnings.
    """
    cached, problem = _cached("mnist")
    if cached is None and not has_local_files("train"):
        cached, problem = _cached("digits")
    if cached is not None:
        return cached
    data, X, y = local_training_rows()
    if data == "digits" and has_local_files("train"):  # MNIST's files have wrong contents
        cached, problem = _cached("digits")
        if cached is not None:
            return cached
    path = _cache_path(data)
    not_kept = _why_not_writable(path)
    _announce(data, problem, not_kept, tell)
    model: LeNet5Classifier = make_variant(
        PICTURES, max_epochs=EPOCHS[data], verbose=tell is not None, random_state=0
    )
    with redirect_stdout(sys.stderr):
        model.fit(*training_rows(PICTURES, X, y, 0))
    model.set_params(verbose=0)
    if not not_kept:
        save_model(model, path)
    return model


def _why_not_writable(path: Path) -> str:
    """Return why a model cannot be cached; nothing if it can."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        check_writable(path)
    except OSError as error:
        return str(error)
    return ""


def _cache_path(data: str) -> Path:
    return Path(pooch.os_cache("sklearn_lenet")) / f"default-{__version__}-{data}.lenet"


def _cached(data: str) -> tuple[LeNet5Classifier | None, str]:
    """Return the cached model of a data set; otherwise None, and why a file cannot be used."""
    path = _cache_path(data)
    try:
        model: LeNet5Classifier = load_model(path)
    except FileNotFoundError:
        return None, ""
    except ModelFileError as error:
        return None, f"The cached model {path} cannot be used ({error}). "
    return model, ""


def _announce(data: str, problem: str, not_kept: str, tell: Callable[[str], None] | None) -> None:
    """Say that a model is trained, and why: through ``tell``, or as a warning."""
    missing = "--model" if tell else "model"
    kept = f", which cannot be cached: {not_kept}"
    if not not_kept:
        kept = f" and caching it in {_cache_path(data)}."
    message = f"{problem}No {missing} given: training a small model on {TITLES[data]}{kept}"
    if tell:
        tell(message)
    else:
        warnings.warn(message, UserWarning, stacklevel=_frames_in_package())


def _frames_in_package() -> int:
    """Return the ``stacklevel`` with which a warning names the user's line, not one of ours."""
    package = __name__.partition(".")[0]
    frame, n = sys._getframe(1), 1
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] == package:
        frame, n = frame.f_back, n + 1
    return n
