"""What a model file holds of an estimator, and the estimator built from it again."""

from __future__ import annotations

from dataclasses import fields
from importlib import import_module
from typing import Any

import numpy as np
import torch
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted

from ..estimators import BaseDigitClassifier
from ..training import Settings, Training
from ..utils import PixelScale, Shape
from ._file_format import Arrays, ModelFileError
from ._json_values import plain, value_of

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


def fields_of(estimator: Any, where: str, arrays: Arrays) -> Any:
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
        steps = [[key, fields_of(step, f"{where}.{key}", arrays)] for key, step in estimator.steps]
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


def estimator_of(told: Any, where: str, arrays: Arrays) -> Any:
    """Return the estimator that `fields_of` wrote down."""
    if told in ("passthrough", None):
        return told
    cls = _known(told["class"])
    if cls is None:
        raise ModelFileError(f"it holds a {told['class']!r}; known are {', '.join(sorted(KNOWN))}.")
    if cls is Pipeline:
        return Pipeline(
            [(key, estimator_of(step, f"{where}.{key}", arrays)) for key, step in told["steps"]]
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
