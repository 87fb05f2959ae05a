"""export_page: write a fitted classifier as a web page that reads drawn digits offline."""

from __future__ import annotations

import base64
import json
import os
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from ..utils import write_whole

STYLE = "page.css"
"""The file with the style of the page."""

SCRIPTS = (
    "net.js",
    "filters.js",
    "strokes.js",
    "picture.js",
    "files.js",
    "drawing.js",
    "fields.js",
    "maps.js",
    "answer.js",
    "steps.js",
    "page.js",
)
"""The files with the scripts of the page, in the order in which the browser runs them."""


def export_page(estimator: BaseEstimator, path: str | os.PathLike[str]) -> None:
    """Write a fitted classifier as one HTML file that reads drawn digits in any browser.

    The page opens from disk and needs no server and no network. Digits are drawn with mouse,
    finger, pen or keyboard, or come from a picture. The page brings them to MNIST's form by the
    steps of `DigitImageReader`, and shows these steps, the probabilities, and the maps of each
    layer of LeNet-5 with the receptive field and the weights of each unit.

    The answer is "?" where the drawing is blank, where no label has a probability of one half,
    where the label is -1 (see `add_non_digits`), and where the novelty is above
    ``novelty_threshold_``.

    Parameters
    ----------
    estimator : estimator
        A fitted `LeNet5Classifier` or `DenseDigitClassifier`, or a ``Pipeline`` that ends in one.
        Before the classifier it may contain `DigitImageReader` and `PadNormalizer`.
    path : str or path-like
        The file to write; its usual ending is ``.html``.

    See Also
    --------
    export_onnx : Write the estimator for programs.
    save_model : Write the estimator itself, to load it again in Python.

    Notes
    -----
    The page of a LeNet-5 for 28x28 pixels has less than 600 kB. In general it has the size of the
    weights in base64, 5.3 bytes for each weight, and some 70 kB more.

    Classifiers of images that do not have 28x28 pixels work too. The digit is then scaled to
    fill images with sides of less than 28 pixels, and 20/28 of the side of larger ones.

    Examples
    --------
    >>> import os, tempfile
    >>> from sklearn.datasets import load_digits
    >>> from sklearn_lenet import LeNet5Classifier, export_page
    >>> X, y = load_digits(return_X_y=True)
    >>> clf = LeNet5Classifier(max_epochs=3, random_state=0).fit(X, y)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "digits.html")
    ...     export_page(clf, path)
    ...     os.path.getsize(path) < 600_000
    True
    """
    check_is_fitted(estimator, msg="%(name)s is not fitted yet: call fit before export_page.")
    from ._page_model import page_model  # it imports torch

    fields, weights = page_model(estimator)
    write_whole(Path(path), page_of(fields, weights).encode())


def page_of(fields: dict[str, Any], weights: np.ndarray[Any, Any]) -> str:
    """Return the page with the style, the scripts and the model inside.

    >>> page = page_of({"name": "</script>"}, np.zeros(2, dtype=np.float32))
    >>> "AAAAAAAAAAA=" in page, page.count("</script>") == len(SCRIPTS) + 2
    (True, True)
    """
    folder = files(__package__) / "page"
    # No label can end the script element, because "<" is written as its number.
    model = json.dumps(fields, allow_nan=False).replace("<", "\\u003c")
    scripts = (f"<script>\n{(folder / name).read_text('utf-8')}</script>" for name in SCRIPTS)
    parts = {
        "style": (folder / STYLE).read_text("utf-8"),
        "model": model,
        "weights": base64.b64encode(weights.astype("<f4").tobytes()).decode(),
        "scripts": "\n".join(scripts),
    }
    page = (folder / "page.html").read_text("utf-8")
    return re.sub(r"\{\{ (\w+) \}\}", lambda found: parts[found[1]], page)
