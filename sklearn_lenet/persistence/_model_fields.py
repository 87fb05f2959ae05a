"""The fields of a model file: format, versions, and the parameters and attributes of the model."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import Any

import torch
from sklearn.base import clone
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted

from .._version import __version__
from ..estimators import BaseDigitClassifier, FittedNet, PadNormalizer
from ..reading import DigitStringReader
from ..training import is_usable
from ._checks import check_attributes, check_predicts, check_reader
from ._errors import ModelFileError
from ._json_values import from_json_value, to_json_value
from ._zip_archive import Arrays

FORMAT = 1
"""The version of the fields. Increase it if older versions of the package cannot read new files."""

SUPPORTED_CLASSES = {
    "LeNet5Classifier": "sklearn_lenet",
    "DenseDigitClassifier": "sklearn_lenet",
    "PadNormalizer": "sklearn_lenet",
    "DigitImageReader": "sklearn_lenet",
    "DigitStringReader": "sklearn_lenet",
    "StandardScaler": "sklearn.preprocessing",
    "MinMaxScaler": "sklearn.preprocessing",
    "MaxAbsScaler": "sklearn.preprocessing",
    "RobustScaler": "sklearn.preprocessing",
    "Normalizer": "sklearn.preprocessing",
    "Pipeline": "sklearn.pipeline",
}
"""The estimators that a model file can contain, and the packages that define them."""

RENAMED_ATTRIBUTES = {"PadNormalizer": {"scale_": "divisor_"}}
"""The present names of attributes that files of earlier versions have under another name."""


def model_to_fields(estimator: Any) -> tuple[dict[str, Any], Arrays]:
    """Return all fields of the model file of an estimator, and its arrays."""
    packages = ("scikit-learn", "skorch", "torch", "numpy")
    versions = {"sklearn_lenet": __version__} | {name: version(name) for name in packages}
    arrays: Arrays = {}
    model = _estimator_to_fields(estimator, "model", arrays)
    return {"format": FORMAT, "versions": versions, "model": model}, arrays


def model_from_fields(fields: dict[str, Any], arrays: Arrays) -> Any:
    """Return the estimator that `model_to_fields` described."""
    file_format = fields.get("format")
    if file_format != FORMAT or isinstance(file_format, bool):
        raise ModelFileError(
            f"its format is {file_format!r} and sklearn_lenet {__version__} reads format {FORMAT}; "
            f"load it with {_writer(fields)}."
        )
    versions = fields.get("versions")
    if not isinstance(versions, dict) or not all(isinstance(v, str) for v in versions.values()):
        raise ModelFileError("it does not name the versions that it was written with.")
    estimator = _estimator_from_fields(fields["model"], "model", arrays)
    check_is_fitted(estimator)
    check_predicts(estimator)
    return estimator


def _writer(fields: dict[str, Any]) -> str:
    """Return the name and version of the package that wrote a file."""
    versions = fields.get("versions")
    known = versions.get("sklearn_lenet") if isinstance(versions, dict) else None
    return f"sklearn_lenet {known}" if known else "the version that wrote it"


def _estimator_to_fields(estimator: Any, prefix: str, arrays: Arrays) -> Any:
    """Return the fields of an estimator; add its arrays, with names that begin with ``prefix``."""
    if isinstance(estimator, str) or estimator is None:  # "passthrough" in a pipeline
        return estimator
    name = type(estimator).__name__
    if type(estimator) is not _supported_class(name):
        raise TypeError(
            f"save_model cannot save {name}; it knows {', '.join(sorted(SUPPORTED_CLASSES))}. Save "
            "other estimators with skops or joblib."
        )
    if isinstance(estimator, Pipeline):
        steps = [
            [key, _estimator_to_fields(step, f"{prefix}.{key}", arrays)]
            for key, step in estimator.steps
        ]
        return {"class": name, "steps": steps}
    check_is_fitted(estimator, msg="%(name)s is not fitted yet: call fit before save_model.")
    fields = {
        "class": name,
        "params": {
            key: to_json_value(value, f"{prefix}.{key}", arrays)
            for key, value in estimator.get_params(deep=False).items()
        },
        "fitted": {
            key: to_json_value(value, f"{prefix}.{key}", arrays)
            for key, value in vars(estimator).items()
            if _is_fitted_attribute(key) and key != "net_"
        },
    }
    if isinstance(estimator, FittedNet):
        for key, weights in estimator.module_.state_dict().items():
            arrays[f"{prefix}.weights.{key}"] = weights.cpu().numpy()
    return fields


def _estimator_from_fields(fields: Any, prefix: str, arrays: Arrays) -> Any:
    """Return the estimator that `_estimator_to_fields` described."""
    if fields in ("passthrough", None):
        return fields
    cls = _supported_class(fields["class"])
    if cls is None:
        raise ModelFileError(
            f"it contains a {fields['class']!r}; supported are "
            f"{', '.join(sorted(SUPPORTED_CLASSES))}."
        )
    if cls is Pipeline:
        return Pipeline(
            [
                (key, _estimator_from_fields(step, f"{prefix}.{key}", arrays))
                for key, step in fields["steps"]
            ]
        )
    estimator = cls(
        **{key: from_json_value(value, arrays) for key, value in fields["params"].items()}
    )
    estimator._validate_params()
    renamed = RENAMED_ATTRIBUTES.get(fields["class"], {})
    fitted = {
        renamed.get(key, key): from_json_value(value, arrays)
        for key, value in fields["fitted"].items()
    }
    for key in fitted:
        if not _is_fitted_attribute(key) or hasattr(cls, key):
            raise ModelFileError(f"{key!r} is not an attribute that fit sets.")
    vars(estimator).update(fitted)
    if isinstance(estimator, PadNormalizer) and not hasattr(estimator, "size_"):
        estimator.size_ = int(estimator.size)  # earlier files do not have it
    if isinstance(estimator, PadNormalizer) and not hasattr(estimator, "ink_"):
        estimator.ink_, estimator.mirror_ = None, 0.0  # nor these
        estimator.match_polarity = False
    if isinstance(estimator, FittedNet):
        start = f"{prefix}.weights."
        weights = {
            key.removeprefix(start): torch.from_numpy(array)
            for key, array in arrays.items()
            if key.startswith(start)
        }
        if isinstance(estimator, DigitStringReader):
            check_reader(estimator)
        else:
            if not hasattr(estimator, "temperature_"):
                estimator.temperature_ = 1.0  # earlier files do not have it
            check_attributes(estimator)
            _set_architecture(estimator)
        estimator._set_net(weights)
        if not is_usable(estimator.module_):
            raise ModelFileError("its weights are NaN, infinite or too large.")
    return estimator


def _supported_class(name: Any) -> Any:
    """Return the class of a name if a model file can contain it; None for all other names."""
    if not isinstance(name, str) or name not in SUPPORTED_CLASSES:
        return None
    return getattr(import_module(SUPPORTED_CLASSES[name]), name)


def _is_fitted_attribute(name: str) -> bool:
    return name.isidentifier() and name.endswith("_") and not name.startswith("_")


def _set_architecture(estimator: BaseDigitClassifier) -> None:
    """Check the parameters that the net was built with; earlier files do not have them."""
    if not hasattr(estimator, "architecture_"):
        estimator.architecture_ = estimator._architecture()
    # The parameter init may have changed after the fit; the net was built as architecture_ says.
    init = {"init": None} if "init" in estimator.get_params(deep=False) else {}
    built = clone(estimator).set_params(**estimator.architecture_ | init)
    built._validate_params()
    if built._architecture() != estimator.architecture_:
        raise ModelFileError(f"architecture_={estimator.architecture_} does not define a net.")
