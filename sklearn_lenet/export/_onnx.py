"""export_onnx: write a fitted estimator as an ONNX file."""

from __future__ import annotations

import os
from pathlib import Path

from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from ..utils import extra_module, write_whole


def export_onnx(estimator: BaseEstimator, path: str | os.PathLike[str]) -> None:
    """Write a fitted classifier, a pipeline that ends in one, or a line reader as ONNX.

    The graph of a classifier has one input, ``pixels``: raw pixels as float32 of shape
    ``(n, p)`` with any ``n``. It has two outputs, ``label`` and ``probabilities``. Polarity (of
    `PadNormalizer`), padding, pixel scale, temperature and labels are part of the graph.

    The graph of a `DigitStringReader` has one input, ``strips``: float32 of shape
    ``(n, 1, 32, width)``, ink from 0 to 1, as `DigitStringReader.return_strips` returns it. Its
    output ``log_probabilities`` has shape ``(n, width // 2, 1 + n_characters)``: for each column
    the blank of CTC, then the characters of ``alphabet_``.

    Parameters
    ----------
    estimator : estimator
        A fitted `LeNet5Classifier`, `DenseDigitClassifier` or `DigitStringReader`, or a
        ``Pipeline`` that ends in a classifier. Before the classifier it may contain
        `PadNormalizer`, ``StandardScaler``, ``MinMaxScaler``, ``MaxAbsScaler`` and
        ``RobustScaler``.
    path : str or path-like
        The file to write; its usual ending is ``.onnx``.

    See Also
    --------
    save_model : Write the estimator itself, to load it again in Python.

    Examples
    --------
    >>> import os, tempfile
    >>> from sklearn.datasets import load_digits
    >>> from sklearn_lenet import LeNet5Classifier, export_onnx
    >>> X, y = load_digits(return_X_y=True)
    >>> clf = LeNet5Classifier(max_epochs=3, random_state=0).fit(X, y)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "digits.onnx")
    ...     export_onnx(clf, path)
    ...     os.path.getsize(path) < 300_000
    True
    """
    check_is_fitted(estimator, msg="%(name)s is not fitted yet: call fit before export_onnx.")
    extra_module("onnx", "export_onnx", "onnx")
    from ..reading import DigitStringReader
    from ._onnx_graph import graph_of
    from ._onnx_line_graph import line_graph_of

    of_a_line = isinstance(estimator, DigitStringReader)
    write_whole(Path(path), (line_graph_of if of_a_line else graph_of)(estimator))
