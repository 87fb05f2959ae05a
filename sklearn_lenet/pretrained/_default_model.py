"""The model that reads when none is named: trained once from the data at hand, and kept."""

from __future__ import annotations

import sys
import warnings
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pooch

from .._version import __version__
from ..datasets import data_at_hand
from ..estimators import PICTURES, LeNet5Classifier, make_variant, training_rows
from ..persistence import ModelFileError, load_model, save_model

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
    model = make_variant(PICTURES, max_epochs=PASSES[data], verbose=watched, random_state=0)
    with redirect_stdout(sys.stderr):
        model.fit(*training_rows(PICTURES, X, y, 0))
    model.set_params(verbose=0)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_model(model, path)
    return model


def _warn(message: str) -> None:
    warnings.warn(message, UserWarning, stacklevel=4)
