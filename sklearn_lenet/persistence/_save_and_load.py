"""save_model and load_model: a fitted estimator in one file that runs no code when it is read."""

from __future__ import annotations

import os
from importlib.metadata import version
from typing import Any

from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from .._version import __version__
from ._estimator_fields import estimator_of, fields_of
from ._file_format import Arrays, ModelFileError, read, write

FORMAT = 1
"""Goes up when an older version could not read what this one writes."""


def save_model(estimator: BaseEstimator, path: str | os.PathLike[str]) -> None:
    """Write a fitted classifier, or a pipeline with one, into one file.

    The file is a zip of the weights as safetensors, of a JSON with everything else, and of
    their checksums. It is written beside ``path`` and renamed, so that an older file stays
    whole until the new one is.

    Parameters
    ----------
    estimator : estimator
        A `LeNet5Classifier` or `DenseDigitClassifier`, or a `Pipeline` of one behind
        `DigitImageReader`, `PadNormalizer` or scikit-learn's ``StandardScaler``, ``MinMaxScaler``,
        ``MaxAbsScaler``, ``RobustScaler`` or ``Normalizer``.
    path : str or path-like
        Where to; ``.lenet`` is the usual ending.

    See Also
    --------
    load_model : Read it again.

    Notes
    -----
    The optimiser's state is not kept: with ``warm_start`` a later fit goes on from the
    weights alone. Parameters that are code, such as a function given as ``augment``, are
    refused by name.

    Examples
    --------
    >>> import os, tempfile
    >>> from sklearn.datasets import load_digits
    >>> from sklearn_lenet import LeNet5Classifier, load_model, save_model
    >>> X, y = load_digits(return_X_y=True)
    >>> clf = LeNet5Classifier(max_epochs=3, random_state=0).fit(X, y)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_model(clf, os.path.join(folder, "digits.lenet"))
    ...     again = load_model(os.path.join(folder, "digits.lenet"))
    >>> bool((again.predict_proba(X) == clf.predict_proba(X)).all())
    True
    """
    arrays: Arrays = {}
    told = fields_of(estimator, "model", arrays)
    packages = ("scikit-learn", "skorch", "torch", "numpy")
    versions = {"sklearn_lenet": __version__} | {name: version(name) for name in packages}
    write(path, {"format": FORMAT, "versions": versions, "model": told}, arrays)


def load_model(path: str | os.PathLike[str]) -> Any:
    """Read a model file that `save_model` wrote; no code in it is ever run.

    Parameters
    ----------
    path : str or path-like
        The file.

    Returns
    -------
    estimator : estimator
        The fitted classifier or pipeline. It predicts on its device, or on the CPU, with a
        warning, where that device is not to be had.

    Raises
    ------
    ModelFileError
        Where the file is no whole, untouched model file; a ValueError.

    See Also
    --------
    save_model : Write one.

    Examples
    --------
    A pickle under our name is not opened:

    >>> import os, pickle, tempfile
    >>> from sklearn_lenet import ModelFileError, load_model
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "digits.lenet")
    ...     with open(path, "wb") as file:
    ...         pickle.dump({}, file)
    ...     try:
    ...         load_model(path)
    ...     except ModelFileError as error:
    ...         print("refused:", "is a pickle" in str(error))
    refused: True
    """
    model, arrays = read(path)
    try:
        form = model.get("format")
        if form != FORMAT or isinstance(form, bool):
            raise ModelFileError(
                f"it has format {form!r} and this sklearn_lenet {__version__} reads {FORMAT}: "
                f"load it with sklearn_lenet {model.get('versions', {}).get('sklearn_lenet')}."
            )
        estimator = estimator_of(model["model"], "model", arrays)
        check_is_fitted(estimator)
    except (KeyError, TypeError, ValueError, AttributeError, RuntimeError) as error:
        raise ModelFileError(f"{path} holds no model that can be used: {error}") from error
    return estimator


def model_info(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return a model file's JSON, for `sklearn-lenet info`."""
    return read(path)[0]
