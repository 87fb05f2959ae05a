"""save_model and load_model: a fitted estimator in one file that runs no code when it is read."""

from __future__ import annotations

import os
from dataclasses import fields
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.base import BaseEstimator
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted

from . import __version__
from ._base import BaseDigitClassifier
from ._extras import extra_module
from ._geometry import Shape
from ._model_files import Arrays, ModelFileError, read, write, write_whole
from ._plain import plain, value_of
from ._scale import PixelScale
from ._training import Settings, Training

__all__ = ["ModelFileError", "export_onnx", "load_model", "model_info", "save_model"]

FORMAT = 1
"""Goes up when an older version could not read what this one writes."""

KNOWN = {
    "LeNet5Classifier": "sklearn_lenet",
    "DenseDigitClassifier": "sklearn_lenet",
    "PadNormalizer": "sklearn_lenet",
    "DigitImageReader": "sklearn_lenet",
    "StandardScaler": "sklearn.preprocessing",
    "MinMaxScaler": "sklearn.preprocessing",
    "MaxAbsScaler": "sklearn.preprocessing",
    "RobustScaler": "sklearn.preprocessing",
    "Normalizer": "sklearn.preprocessing",
    "Pipeline": "sklearn.pipeline",
}
"""All that a model file can hold, and where it comes from."""

FITTED: dict[str, type] = {
    "classes_": np.ndarray,
    "n_features_in_": int,
    "image_shape_": Shape,
    "background_": float,
    "pixel_scale_": PixelScale,
    "n_iter_": int,
    "history_": list,
    "loss_curve_": list,
}
"""Without these a classifier of ours could not predict."""


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
    told = _told(estimator, "model", arrays)
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
        estimator = _estimator(model["model"], "model", arrays)
        check_is_fitted(estimator)
    except (KeyError, TypeError, ValueError, AttributeError, RuntimeError) as error:
        raise ModelFileError(f"{path} holds no model that can be used: {error}") from error
    return estimator


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
    from ._onnx import graph_of

    write_whole(Path(path), graph_of(estimator))


def model_info(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return a model file's JSON, for `sklearn-lenet info`."""
    return read(path)[0]


def _told(estimator: Any, where: str, arrays: Arrays) -> Any:
    """Return an estimator as JSON has it, and put its arrays into ``arrays``."""
    name = type(estimator).__name__
    if isinstance(estimator, str) or estimator is None:  # "passthrough" in a pipeline
        return estimator
    if type(estimator) is not _known(name):
        raise TypeError(
            f"{name} came to save_model, which knows {', '.join(sorted(KNOWN))}: keep other "
            "estimators with skops or joblib."
        )
    if isinstance(estimator, Pipeline):
        steps = [[key, _told(step, f"{where}.{key}", arrays)] for key, step in estimator.steps]
        return {"class": name, "steps": steps}
    check_is_fitted(estimator, msg="%(name)s is not fitted yet: call fit before you save it.")
    told = {
        "class": name,
        "params": {
            key: plain(value, f"{where}.{key}", arrays)
            for key, value in estimator.get_params(deep=False).items()
        },
        "fitted": {
            key: plain(value, f"{where}.{key}", arrays)
            for key, value in vars(estimator).items()
            if _is_fitted_name(key) and key != "net_"
        },
    }
    if isinstance(estimator, BaseDigitClassifier):
        for key, weights in estimator.module_.state_dict().items():
            arrays[f"{where}.weights.{key}"] = weights.cpu().numpy()
    return told


def _known(name: Any) -> Any:
    """Return the class of a name that a model file may hold; None for all others."""
    if not isinstance(name, str) or name not in KNOWN:
        return None
    return getattr(import_module(KNOWN[name]), name)


def _is_fitted_name(name: str) -> bool:
    return name.isidentifier() and name.endswith("_") and not name.startswith("_")


def _estimator(told: Any, where: str, arrays: Arrays) -> Any:
    """Return the estimator that `_told` wrote down."""
    if told in ("passthrough", None):
        return told
    cls = _known(told["class"])
    if cls is None:
        raise ModelFileError(f"it holds a {told['class']!r}; known are {', '.join(sorted(KNOWN))}.")
    if cls is Pipeline:
        return Pipeline(
            [(key, _estimator(step, f"{where}.{key}", arrays)) for key, step in told["steps"]]
        )
    estimator = cls(**{key: value_of(value, arrays) for key, value in told["params"].items()})
    estimator._validate_params()
    fitted = {key: value_of(value, arrays) for key, value in told["fitted"].items()}
    odd = [key for key in fitted if not _is_fitted_name(key) or hasattr(cls, key)]
    if odd:
        raise ModelFileError(f"{odd[0]!r} is nothing that fit leaves behind.")
    vars(estimator).update(fitted)
    if isinstance(estimator, BaseDigitClassifier):
        prefix = f"{where}.weights."
        weights = {key.removeprefix(prefix): a for key, a in arrays.items() if prefix in key}
        _put_net(estimator, {key: torch.from_numpy(a) for key, a in weights.items()})
    return estimator


def _put_net(estimator: BaseDigitClassifier, weights: dict[str, torch.Tensor]) -> None:
    """Give a classifier its net, after a check that all that it needs is there and fits."""
    for name, kind in FITTED.items():
        if not isinstance(getattr(estimator, name, None), kind):
            raise ModelFileError(f"{name} should be of type {kind.__name__}.")
    classes, shape = estimator.classes_, estimator.image_shape_
    if classes.ndim != 1 or not np.array_equal(np.unique(classes), classes) or not len(classes):
        raise ModelFileError(f"classes_={classes.tolist()} are not sorted labels.")
    if not 0 < estimator.n_features_in_ <= shape.height * shape.width:
        raise ModelFileError(f"images of {shape} do not hold {estimator.n_features_in_} values.")
    estimator._check_net()
    with torch.device("meta"):  # so that no size in the file takes memory before it is checked
        module = estimator._build_module(len(classes))
    needed = {key: tuple(value.shape) for key, value in module.state_dict().items()}
    found = {key: tuple(value.shape) for key, value in weights.items()}
    if needed != found or any(value.dtype != torch.float32 for value in weights.values()):
        raise ModelFileError(f"its weights {found} are not those of the net, {needed}.")
    module.load_state_dict(weights, assign=True)
    settings = Settings(**{f.name: getattr(estimator, f.name) for f in fields(Settings)})
    cpu, device = torch.device("cpu"), estimator.device_
    training = Training(
        module, len(classes), settings, device=cpu, dtype=torch.float32, seed=0,
        history=estimator.history_,
    )  # fmt: skip
    # As unpickling does it: the net goes to its device, or stays on the CPU with a warning.
    estimator.__setstate__(vars(estimator) | {"net_": training.finish(), "device_": device})
