"""load_pretrained and list_pretrained: the trained models that are part of the package."""

from __future__ import annotations

from typing import Any

from ..utils import extra_module
from ._model_files import NAMES, card_of, path_of


def load_pretrained(name: str = "digits") -> Any:
    """Return a trained model that is part of the package.

    No file is downloaded, and no data is needed.

    Parameters
    ----------
    name : {"digits", "mnist", "strings"}, default="digits"
        The model:

        - "digits": a `LeNet5Classifier` for digits from photos and scans. Its class -1 means "no
          digit".
        - "mnist": the `LeNet5Classifier` with the highest accuracy on MNIST, for teaching.
        - "strings": a `DigitStringReader`, which reads numbers such as amounts.

    Returns
    -------
    model : estimator
        A new, fitted estimator. Changing it does not change the next one.

    Raises
    ------
    ValueError
        If there is no model of this name.
    ModelFileError
        If the model file was changed.

    See Also
    --------
    list_pretrained : The accuracy and the size of each model.
    DigitImageReader : Turns pictures into the rows that "digits" and "mnist" take.

    Notes
    -----
    To continue the training with your own rows, set ``warm_start=True`` and call ``fit``.

    Examples
    --------
    >>> from sklearn_lenet import load_pretrained, make_digit_lines
    >>> load_pretrained("digits").classes_
    array([-1,  0,  1,  2,  3,  4,  5,  6,  7,  8,  9])
    >>> load_pretrained("strings").alphabet_
    '0123456789'
    """
    from ..persistence import load_model  # loads torch

    return load_model(path_of(name))


def list_pretrained() -> Any:
    """Return a table of the trained models that are part of the package.

    Returns
    -------
    table : pandas.DataFrame
        One row per model: the estimator, what it is for, the number of its parameters, the size of
        its file in kB, and its most important figure in percent. The index is the name.

    See Also
    --------
    load_pretrained : Loads one of them.

    Examples
    --------
    >>> from sklearn_lenet import list_pretrained
    >>> list_pretrained()["estimator"].to_dict()
    {'digits': 'LeNet5Classifier', 'mnist': 'LeNet5Classifier', 'strings': 'DigitStringReader'}
    """
    pandas = extra_module("pandas", "list_pretrained", "pandas")
    rows = []
    for name in NAMES:
        card = card_of(name)
        figure = card["figures"][0]
        rows.append(
            {
                "estimator": card["estimator"],
                "purpose": card["purpose"],
                "parameters": card["parameters"],
                "kB": round(path_of(name).stat().st_size / 1000),
                "accuracy, %": round(100 * figure["accuracy"], 2),
                "measured on": figure["data"],
            }
        )
    return pandas.DataFrame(rows, index=pandas.Index(NAMES, name="name"))
