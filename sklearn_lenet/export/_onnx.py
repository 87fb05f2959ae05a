"""export_onnx: a fitted estimator as an ONNX file."""

from __future__ import annotations

import os
from pathlib import Path

from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from ..utils import extra_module, write_whole


def export_onnx(estimator: BaseEstimator, path: str | os.PathLike[str]) -> None:
    """Write a fitted classifier, or a pipeline with one, as an ONNX graph.

    The graph takes raw pixels, float32 of shape ``(n, p)`` with any ``n``, as ``pixels``, and
    gives ``label`` and ``probabilities``. Padding, scale and the labels are part of it.

    Parameters
    ----------
    estimator : estimator
        A fitted `LeNet5Classifier` or `DenseDigitClassifier`, or a `Pipeline` of one behind
        `PadNormalizer`, ``StandardScaler``, ``MinMaxScaler``, ``MaxAbsScaler`` or
        ``RobustScaler``.
    path : str or path-like
        Where to; ``.onnx`` is the usual ending.

    See Also
    --------
    save_model : Keep the estimator itself.

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
    check_is_fitted(estimator, msg="%(name)s is not fitted yet: call fit before you export it.")
    extra_module("onnx", "export_onnx", "onnx")
    from ._onnx_graph import graph_of

    write_whole(Path(path), graph_of(estimator))
