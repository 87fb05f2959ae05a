"""The model that reads when none is named: trained once from the data at hand, and kept."""

from __future__ import annotations

import sys
import warnings
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any

import pooch
from sklearn.datasets import load_digits

from . import __version__
from ._variants import PICTURES, made, rows_for
from .datasets import fetch_mnist
from .images import DigitImageReader
from .lenet import LeNet5Classifier
from .persistence import ModelFileError, load_model, save_model

PASSES = {"mnist": 8, "digits": 40}
"""Over the rows, by where they are from."""


def default_model(tell: Any = None) -> LeNet5Classifier:
    """Return the kept model, or train and keep one; ``tell`` hears of it in a sentence.

    Where somebody listens, each pass over the rows is a line on stderr.
    MNIST is taken where `fetch_mnist` finds it without a download, and scikit-learn's bundled
    digits elsewhere.
    """
    watched, tell = tell is not None, tell or _warn
    data, X, y = data_at_hand()
    path = Path(pooch.os_cache("sklearn_lenet")) / f"default-{__version__}-{data}.lenet"
    try:
        model: LeNet5Classifier = load_model(path)
    except FileNotFoundError:
        tell(f"No model was named: training a small one on {data} once, kept in {path}.")
    except ModelFileError as error:
        tell(f"The model kept in {path} cannot be used ({error}): training it anew.")
    else:
        return model
    model = made(PICTURES, max_epochs=PASSES[data], verbose=watched, random_state=0)
    with redirect_stdout(sys.stderr):
        model.fit(*rows_for(PICTURES, X, y, 0))
    model.set_params(verbose=0)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_model(model, path)
    return model


def data_at_hand() -> tuple[str, Any, Any]:
    """Return the name and the training rows of the best data that needs no download."""
    try:
        X, y = fetch_mnist(split="train", return_X_y=True, download_if_missing=False)
    except OSError:
        return "digits", *bundled_digits()
    return "mnist", X, y


@cache
def bundled_digits() -> tuple[Any, Any]:
    """Return scikit-learn's digits as the reader makes them, and their labels."""
    X, y = load_digits(return_X_y=True)
    return DigitImageReader().fit_transform(X), y


def _warn(message: str) -> None:
    warnings.warn(message, UserWarning, stacklevel=4)
