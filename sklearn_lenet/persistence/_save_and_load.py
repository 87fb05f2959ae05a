"""save_model and load_model: a fitted estimator in one file that runs no code when it is loaded."""

from __future__ import annotations

import os
from typing import Any

from sklearn.base import BaseEstimator

from ._errors import ModelFileError
from ._model_fields import model_from_fields, model_to_fields
from ._zip_archive import read_archive, write_archive

UNUSABLE = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""The errors that wrong contents of a model file can raise."""


def save_model(estimator: BaseEstimator, path: str | os.PathLike[str]) -> None:
    """Write a fitted classifier, a pipeline that ends in one, or a line reader as a model file.

    The file is a zip archive with the weights as safetensors, a JSON with everything else, and
    the checksums of both. It is written under a temporary name and then renamed. If saving
    fails, an older file at ``path`` is unchanged.

    Parameters
    ----------
    estimator : estimator
        A fitted `LeNet5Classifier`, `DenseDigitClassifier` or `DigitStringReader`, or a
        ``Pipeline`` that ends in a classifier. Before the classifier it may contain
        `DigitImageReader`, `PadNormalizer` and scikit-learn's ``StandardScaler``,
        ``MinMaxScaler``, ``MaxAbsScaler``, ``RobustScaler`` and ``Normalizer``.
    path : str or path-like
        The file to write; its usual ending is ``.lenet``.

    See Also
    --------
    load_model : Loads the estimator again.

    Notes
    -----
    The state of the optimizer is not saved: with ``warm_start`` a later fit continues from the
    weights only. A parameter that is code, such as a function as ``augment``, raises a ValueError
    that names it.

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
    write_archive(path, *model_to_fields(estimator))


def save_model_with_card(
    estimator: BaseEstimator, path: str | os.PathLike[str], card: dict[str, Any]
) -> None:
    """Write a model file whose JSON also contains a card, which says how the model was made."""
    fields, arrays = model_to_fields(estimator)
    write_archive(path, fields | {"card": card}, arrays)


def load_model(path: str | os.PathLike[str]) -> Any:
    """Load a model file that `save_model` wrote, without running any code from it.

    Parameters
    ----------
    path : str or path-like
        The file to load.

    Returns
    -------
    estimator : estimator
        The fitted classifier or pipeline. It predicts on the device on which it was fitted. If
        that device is not available it warns and predicts on the CPU.

    Raises
    ------
    ModelFileError
        If the file is not a complete, unchanged model file. It is a ValueError.

    See Also
    --------
    save_model : Writes a model file.

    Examples
    --------
    A pickle with the name of a model file is refused:

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
    return load_model_with_info(path)[0]


def load_model_with_info(path: str | os.PathLike[str]) -> tuple[Any, dict[str, Any]]:
    """Load a model file; return the estimator, and the fields of the file as they are in its JSON.

    The fields include ``format`` and ``versions``. The file is read once.
    """
    fields, arrays = read_archive(path)
    try:
        return model_from_fields(fields, arrays), fields
    except UNUSABLE as error:
        raise ModelFileError(f"{path} contains no usable model: {error}") from error
