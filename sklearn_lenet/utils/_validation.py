"""Checks of the input: images of any accepted shape and type become rows of pixels.

Errors about the data are raised here, before torch is called. Each is one sentence that says
what was given and what would work.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.multiclass import type_of_target
from sklearn.utils.validation import (
    check_array,
    check_consistent_length,
    check_is_fitted,
    validate_data,
)

from ._conversion import as_array, as_labels, as_numpy
from ._geometry import Pixels, image_shape, smallest_square

PIXEL_TYPES: list[type] = [np.float32, np.uint8]
"""uint8 pixels stay uint8; every other type becomes float32."""

LARGEST_PIXEL = float(np.finfo(np.float32).max)
"""The largest pixel, also of rows in float64."""

NO_TARGET = "no_validation"
"""The value that scikit-learn's `validate_data` takes for a missing y."""


def check_fitted(estimator: Any) -> None:
    """Raise scikit-learn's NotFittedError if `fit` has not been called."""
    check_is_fitted(estimator, msg="%(name)s is not fitted yet: call fit first.")


def check_images(
    estimator: Any, X: Any, y: Any = NO_TARGET, *, dtype: Sequence[type], reset: bool
) -> tuple[Pixels, Any]:
    """Return rows of finite pixels, and the checked y if one is given.

    With ``reset``, ``n_features_in_``, ``feature_names_in_`` and ``image_shape_`` are set on the
    estimator; without it, X must agree with them. Pixels keep their type if it is in ``dtype``
    and take the first type in it otherwise.
    """
    name = type(estimator).__name__
    if y is NO_TARGET and not reset and _is_ready(X, estimator, dtype):
        _check_finite(X, name)
        return X, None
    X = as_array(X, name)
    y = y if y is NO_TARGET else as_labels(y)
    shape = image_shape(X.shape)
    if shape is not None:
        X = np.asarray(X).reshape(X.shape[0], shape.height * shape.width)
    target = {} if y is NO_TARGET else {"multi_output": False}
    with np.errstate(
        over="ignore"
    ):  # what is too large for float32 becomes inf, which is reported below
        checked = validate_data(
            estimator, X, y, reset=reset, dtype=list(dtype), ensure_all_finite=False, **target
        )
    rows, y = checked if isinstance(checked, tuple) else (checked, None)
    _check_finite(rows, name)
    if reset:
        estimator.image_shape_ = smallest_square(rows.shape[1]) if shape is None else shape
    elif shape is not None and shape != estimator.image_shape_:
        raise ValueError(
            f"X contains images of {shape}, but {name} was fitted on {estimator.image_shape_}."
        )
    return rows, y


def _is_ready(X: Any, estimator: Any, dtype: Sequence[type]) -> bool:
    """Return whether X needs no conversion, so that the checks of scikit-learn can be skipped.

    They take about as long as the prediction of one row.
    """
    return (
        type(X) is np.ndarray
        and X.ndim == 2
        and X.dtype.type in dtype
        and X.dtype.isnative
        and X.shape[1] == getattr(estimator, "n_features_in_", None)
        and len(X) > 0
        and not hasattr(estimator, "feature_names_in_")  # scikit-learn warns if X has no names
    )


def _check_finite(rows: Pixels, name: str) -> None:
    if rows.dtype.kind != "f":
        return
    # NaN and infinity show in the extremes, so no mask of the size of X is needed.
    if rows.min() >= -LARGEST_PIXEL and rows.max() <= LARGEST_PIXEL:
        return
    finite = (np.abs(rows) <= LARGEST_PIXEL).all(axis=1)
    bad = rows[~finite]
    what = "NaN" if np.isnan(bad).any() else "infinity or values too large for float32"
    raise ValueError(
        f"Input X contains {what} in {len(bad)} of {len(rows)} rows, but {name} needs "
        "finite pixels: remove those rows or replace the values."
    )


def check_labels(y: Any, name: str) -> None:
    """Raise a ValueError if y does not contain classes."""
    kind = type_of_target(y, input_name="y")
    if kind not in ("binary", "multiclass"):
        raise ValueError(
            f"Unknown label type: {kind}; {name} needs classes in y: integers, strings or booleans."
        )


def check_validation_rows(X_val: Any, y_val: Any) -> None:
    """Raise a ValueError if validation rows lack their labels, or the labels their rows."""
    if (X_val is None) != (y_val is None):
        missing = "y_val" if y_val is None else "X_val"
        raise ValueError(f"{missing} is missing: validation rows need both X_val and y_val.")


def check_sample_weight(
    sample_weight: ArrayLike | None, X: Pixels, *, may_be_zero: bool = False
) -> NDArray[np.float64] | None:
    """Return the weights, none negative and not all zero; None if none are given.

    With ``may_be_zero``, as for a part of the rows, all may be zero.
    """
    if sample_weight is None:
        return None
    weights: NDArray[np.float64] = check_array(
        as_numpy(sample_weight),
        ensure_2d=False,
        allow_nd=True,
        dtype=np.float64,
        input_name="sample_weight",
    )
    if weights.ndim != 1:
        raise ValueError(
            f"sample_weight has shape {weights.shape}, but one weight per row is needed: "
            f"({len(X)},)."
        )
    check_consistent_length(X, weights)
    if weights.min() < 0:
        raise ValueError(f"sample_weight contains {weights.min():g}: use 0 or more.")
    if not (may_be_zero or weights.any()):
        raise ValueError(
            "sample_weight is zero for every row: at least one weight must be above zero."
        )
    return weights
