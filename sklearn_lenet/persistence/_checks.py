"""Checks of a loaded model: its attributes have the right types, and it predicts."""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np
import torch
from sklearn.pipeline import Pipeline

from ..estimators import BaseDigitClassifier, FittedNet
from ..images import SIDE, DigitImageReader
from ..reading import DigitStringReader
from ..training import HIGHEST_TEMPERATURE, LOWEST_TEMPERATURE
from ..utils import LARGEST_PIXEL, PixelScale, Shape
from ._errors import ModelFileError

MOST_FEATURES = 2**24
"""A model for rows of more values than this is refused."""

NET_ATTRIBUTES: dict[str, type] = {
    "device_": torch.device,
    "n_iter_": int,
    "history_": list,
    "loss_curve_": list,
}
"""The attributes that every fitted net has, and their types."""

REQUIRED_ATTRIBUTES: dict[str, type] = {
    "classes_": np.ndarray,
    "n_features_in_": int,
    "image_shape_": Shape,
    "background_": float,
    "pixel_scale_": PixelScale,
    "temperature_": float,
    **NET_ATTRIBUTES,
}
"""The fitted attributes without which a classifier cannot predict, and their types."""

READER_ATTRIBUTES: dict[str, type] = {"alphabet_": str, "integers_": bool, **NET_ATTRIBUTES}
"""The same for a `DigitStringReader`."""

LONGEST_ALPHABET = 1000
"""A reader of more characters is refused."""

PROBES = (0, -65535, 65535)
"""The pixels of the rows that a loaded model must be able to predict."""


def check_attributes(estimator: BaseDigitClassifier) -> None:
    """Raise a ModelFileError if an attribute of a classifier is missing or has a wrong type."""
    _check_types(estimator, REQUIRED_ATTRIBUTES)
    classes, shape = estimator.classes_, estimator.image_shape_
    if classes.ndim != 1 or not np.array_equal(np.unique(classes), classes) or not len(classes):
        raise ModelFileError(f"classes_={classes.tolist()} is not a list of sorted labels.")
    if not all(isinstance(side, int) and side > 0 for side in shape):
        raise ModelFileError(f"image_shape_={tuple(shape)} is not a height and a width.")
    if not 0 < estimator.n_features_in_ <= shape.height * shape.width:
        raise ModelFileError(
            f"n_features_in_={estimator.n_features_in_} does not fit images of {shape} pixels."
        )
    scale = estimator.pixel_scale_
    numbers = [estimator.background_, *scale, *estimator.loss_curve_]
    if not all(isinstance(n, int | float) and abs(n) <= LARGEST_PIXEL for n in numbers):
        raise ModelFileError("the background, the pixel scale or the loss is not a finite number.")
    if not scale.deviation > 0:
        raise ModelFileError(f"the deviation of the pixel scale is {scale.deviation}, not above 0.")
    if not LOWEST_TEMPERATURE <= estimator.temperature_ <= HIGHEST_TEMPERATURE:
        raise ModelFileError(
            f"temperature_={estimator.temperature_} is not a number from {LOWEST_TEMPERATURE} to "
            f"{HIGHEST_TEMPERATURE}."
        )
    _check_novelty(estimator)


def check_reader(reader: DigitStringReader) -> None:
    """Raise a ModelFileError if an attribute of a reader is missing or has a wrong type."""
    _check_types(reader, READER_ATTRIBUTES)
    alphabet = reader.alphabet_
    if not 0 < len(set(alphabet)) == len(alphabet) <= LONGEST_ALPHABET:
        raise ModelFileError(f"alphabet_={alphabet[:80]!r} is not a list of characters.")
    if not all(isinstance(n, float) and math.isfinite(n) for n in reader.loss_curve_):
        raise ModelFileError("the loss is not a finite number.")


def _check_types(estimator: FittedNet, attributes: dict[str, type]) -> None:
    for name, required in attributes.items():
        value = getattr(estimator, name, None)
        if not isinstance(value, required) or (isinstance(value, bool) and required is not bool):
            raise ModelFileError(f"{name} should be of type {required.__name__}.")
    if not all(isinstance(record, dict) for record in estimator.history_):
        raise ModelFileError("history_ should be a list of dicts.")


def _check_novelty(estimator: BaseDigitClassifier) -> None:
    """Raise a ModelFileError if the prototypes are not what fit sets; earlier files have none."""
    prototypes = getattr(estimator, "prototypes_", None)
    threshold = getattr(estimator, "novelty_threshold_", None)
    if prototypes is None and threshold is None:
        return
    if not isinstance(threshold, float) or math.isnan(threshold):
        raise ModelFileError("novelty_threshold_ should be a number.")
    if (
        not isinstance(prototypes, np.ndarray)
        or prototypes.dtype != np.float32
        or prototypes.ndim != 2
        or not np.isfinite(prototypes).all()
    ):
        raise ModelFileError("prototypes_ should be rows of finite float32 numbers.")


def check_predicts(estimator: Any) -> None:
    """Raise an error if a model cannot predict blank rows, or a blank line."""
    *before, last = _steps(estimator)
    if isinstance(last, DigitStringReader):
        if before:
            raise ModelFileError("it contains a pipeline with a DigitStringReader.")
        last.read([np.zeros((SIDE, SIDE), dtype=np.uint8)])
        return
    first = before[0] if before else last
    for step in (*before, last):
        n_values = getattr(step, "n_features_in_", 1)  # a DigitImageReader may have none
        if type(n_values) is not int or not 0 < n_values <= MOST_FEATURES:
            raise ModelFileError(f"n_features_in_={n_values!r} is not a number of values of a row.")
        names = getattr(step, "feature_names_in_", None)
        if names is not None and np.shape(names) != (n_values,):
            raise ModelFileError(f"feature_names_in_ has not {n_values} names.")
    n_values = SIDE**2 if isinstance(first, DigitImageReader) else first.n_features_in_
    rows = np.repeat(np.array(PROBES, dtype=np.float32)[:, None], n_values, axis=1)
    with np.errstate(all="ignore"):  # what is not finite is an error below
        for step in before:
            if not isinstance(step, DigitImageReader):
                rows = _without_names(step).transform(rows)
        if isinstance(last, BaseDigitClassifier):
            if rows.shape[1] != last.n_features_in_:
                raise ModelFileError(f"the net gets rows of {rows.shape[1]} values.")
            rows = rows.astype(np.float32)
            last._logits_of_rows(rows)
            if hasattr(last, "prototypes_"):
                last._novelty_of_rows(rows)
        elif not isinstance(last, DigitImageReader):
            rows = _without_names(last).transform(rows)
    if not np.isfinite(rows).all():
        raise ModelFileError("a transformer makes NaN or infinity of a blank row.")


def _steps(estimator: Any) -> list[Any]:
    """Return the steps of a pipeline and of pipelines in it, without those that do nothing."""
    if isinstance(estimator, Pipeline):
        return [part for _, step in estimator.steps for part in _steps(step)]
    return [] if estimator in (None, "passthrough") else [estimator]


def _without_names(estimator: Any) -> Any:
    """Return a copy without names of columns, for which scikit-learn would warn."""
    estimator = copy.copy(estimator)
    estimator.__dict__.pop("feature_names_in_", None)
    return estimator
