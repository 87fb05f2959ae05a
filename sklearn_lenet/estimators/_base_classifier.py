"""BaseDigitClassifier: `fit` and `partial_fit`, the same for both classifiers."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import ClassifierMixin, _fit_context
from sklearn.metrics import accuracy_score

from ..training import (
    CallbackSupportMixin,
    Plan,
    Samples,
    encode,
    fit_length,
    with_callbacks,
)
from ..utils import (
    PIXEL_TYPES,
    as_numpy,
    check_images,
    check_labels,
    check_validation_rows,
    draw_seed,
    resolve_device,
)
from ._net_trainer import NetTrainer


class BaseDigitClassifier(CallbackSupportMixin, ClassifierMixin, NetTrainer):
    """Abstract: what the digit classifiers have in common; subclasses define the net."""

    max_epochs: int | str
    lr_schedule: str
    early_stopping: bool
    validation_fraction: float
    warm_start: bool

    @_fit_context(prefer_skip_nested_validation=True)
    @with_callbacks
    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        *,
        X_val: ArrayLike | None = None,
        y_val: ArrayLike | None = None,
    ) -> Self:
        """Train a new net, or with ``warm_start`` the present one.

        A warm start takes the labels of the earlier fit or a part of them.

        Ctrl-C ends the training and is raised again. The estimator is then fitted with the
        weights that it has reached, has the temperature 1, and no `novelty_score`.

        Parameters
        ----------
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The digits, in pixels of any number type and any range. Those of Dask are loaded.
        y : array-like of shape (n,)
            The labels: ints, strings, booleans, or anything else that ``np.unique`` sorts.
        sample_weight : array-like of shape (n,), default=None
            The weight of each row; None gives all rows the same weight.
        X_val : array-like, shaped as X, default=None
            Digits to validate each epoch on; the weights of the best epoch are kept.
            With ``early_stopping`` they are used instead of a part of X. The temperature and
            ``novelty_threshold_`` are learned from them.
        y_val : array-like of shape (n_val,), default=None
            Their labels.

        Returns
        -------
        self : object
            The fitted estimator.
        """
        check_validation_rows(X_val, y_val)
        is_new = not (self.warm_start and hasattr(self, "net_"))
        rows, y = check_images(self, X, y, dtype=PIXEL_TYPES, reset=is_new)
        check_labels(y, type(self).__name__)
        classes = self._classes_of(y, is_new=is_new)
        validated = X_val is not None or bool(self.early_stopping)
        samples = self._samples(rows, y, classes, sample_weight, is_new=is_new, validated=validated)
        device, seed = resolve_device(self.device), draw_seed(self.random_state)
        validation = None
        if X_val is not None:
            rows, y_val = check_images(self, X_val, y_val, dtype=PIXEL_TYPES, reset=False)
            validation = Samples(rows, encode(y_val, classes, "y_val", type(self).__name__))
        elif self.early_stopping:
            samples, validation = samples.split(float(self.validation_fraction), seed)
        if is_new:
            self._learn_pixels(samples, classes)
        self._train(samples, validation, self._plan(len(samples)), device, seed)
        return self

    def _classes_of(self, y: Any, *, is_new: bool) -> NDArray[Any]:
        """Return the labels of a fit: those in y, or those of the fit that it continues."""
        classes: NDArray[Any] = np.unique(y)
        if is_new:
            return classes
        unknown = np.setdiff1d(classes, self.classes_)
        if unknown.size:
            raise ValueError(
                f"y contains {unknown.tolist()}, but warm_start=True continues with a net for "
                f"{self.classes_.tolist()}: use these labels, or warm_start=False."
            )
        return self.classes_

    def _plan(self, n_rows: int) -> Plan:
        """Return the plan of a fit on so many rows."""
        length = fit_length(
            n_rows,
            augmented=self._augmentation() is not None,
            max_epochs=self.max_epochs,
            batch_size=self.batch_size,
        )
        return Plan(length, self.lr_schedule, calibrate=True, keep_state=self.warm_start)

    @_fit_context(prefer_skip_nested_validation=True)
    @with_callbacks
    def partial_fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        classes: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Train the present net for one epoch at the constant learning rate ``lr``.

        The first call learns the scale and the background of the pixels for all calls. The
        probabilities are not calibrated: ``temperature_`` becomes 1, also after an earlier
        `fit`, and `novelty_score` raises an error.

        Parameters
        ----------
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The digits, in pixels of any number type and any range. Those of Dask are loaded.
        y : array-like of shape (n,)
            Their labels.
        classes : array-like of shape (n_classes,), default=None
            All labels of all calls; required in the first call.
        sample_weight : array-like of shape (n,), default=None
            The weight of each row; None gives all rows the same weight.

        Returns
        -------
        self : object
            The fitted estimator.
        """
        name = type(self).__name__
        is_new = not hasattr(self, "net_")
        if self.class_weight == "balanced":
            raise ValueError(
                "class_weight='balanced' needs all rows, and partial_fit has only a part of them: "
                "pass a dict of weights instead."
            )
        if self.early_stopping:
            raise ValueError(
                "early_stopping=True needs several epochs, and partial_fit is one epoch: set "
                "early_stopping=False, or use fit."
            )
        if is_new and classes is None:
            raise ValueError(f"classes is missing: the first partial_fit of {name} needs it.")
        rows, y = check_images(self, X, y, dtype=PIXEL_TYPES, reset=is_new)
        check_labels(y, name)
        known = self.classes_ if classes is None else np.unique(np.asarray(classes))
        if not is_new and not np.array_equal(known, self.classes_):
            raise ValueError(
                f"classes={known.tolist()} differs from the first call of partial_fit: "
                f"{self.classes_.tolist()}."
            )
        samples = self._samples(rows, y, known, sample_weight, is_new=is_new, validated=False)
        device, seed = resolve_device(self.device), draw_seed(self.random_state)
        if is_new:
            self._learn_pixels(samples, known)
        length = fit_length(
            len(samples),
            augmented=self._augmentation() is not None,
            max_epochs=1,
            batch_size=self.batch_size,
        )
        plan = Plan(length, "constant", calibrate=False, keep_state=True)
        self._train(samples, None, plan, device, seed)
        return self

    def score(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> float:
        """Return the accuracy of `predict`.

        Parameters
        ----------
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The digits; those of Dask are read block by block.
        y : array-like of shape (n,)
            Their labels.
        sample_weight : array-like of shape (n,), default=None
            The weight of each row; None gives all rows the same weight.

        Returns
        -------
        accuracy : float
            The share of the rows, or of their weight, whose label is right.
        """
        y, sample_weight = as_numpy(y), as_numpy(sample_weight)
        found = as_numpy(self.predict(X))
        return float(accuracy_score(y, found, sample_weight=sample_weight))
