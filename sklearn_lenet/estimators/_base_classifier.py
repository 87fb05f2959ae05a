"""BaseDigitClassifier: `fit` and `partial_fit`, the same for both classifiers."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import fields
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from sklearn.base import ClassifierMixin, _fit_context
from torch import nn

from ..nets import new_module
from ..training import (
    Augment,
    CallbackSupportMixin,
    DivergedError,
    EpochTasks,
    Plan,
    Rows,
    Samples,
    Settings,
    Training,
    check_class_weight,
    check_optimizer,
    encode,
    epochs_for,
    row_weights,
    with_callbacks,
)
from ..utils import (
    PIXEL_TYPES,
    Pixels,
    Shape,
    background,
    check_images,
    check_labels,
    check_sample_weight,
    draw_seed,
    learn_scale,
    resolve_device,
    threads,
)
from ._parameter_checks import check_names
from ._prediction import DigitPredictor

DOUBLE_PRECISION_ROWS = 256
"""A fit of no more rows than this, all in one batch, runs in float64."""


class BaseDigitClassifier(CallbackSupportMixin, ClassifierMixin, DigitPredictor):
    """Abstract: what the digit classifiers have in common; subclasses build the net."""

    max_epochs: int | str
    batch_size: int
    optimizer: str | type[torch.optim.Optimizer]
    lr_schedule: str
    weight_decay: float
    augment: Any
    class_weight: Any
    early_stopping: bool
    validation_fraction: float
    warm_start: bool
    device: str | torch.device
    random_state: Any
    n_features_in_: int
    image_shape_: Shape

    @abstractmethod
    def _build_module(self, n_classes: int) -> nn.Module:
        """Return a new module that returns ``n_classes`` logits."""

    @abstractmethod
    def _arranged_shape(self) -> Shape:
        """Return the height and width of the images that `_arrange` returns."""

    @abstractmethod
    def _check_net(self) -> None:
        """Raise a ValueError if parameters and ``image_shape_`` do not define a net."""

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

        Ctrl-C ends the training and is raised again. The estimator is then fitted with the
        weights that it has reached.

        Parameters
        ----------
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The digits, in pixels of any number type and any range.
        y : array-like of shape (n,)
            The labels: ints, strings, booleans, or anything else that ``np.unique`` sorts.
        sample_weight : array-like of shape (n,), default=None
            The weight of each row; None gives all rows the same weight.
        X_val : array-like, shaped as X, default=None
            Digits to validate each epoch on; the weights of the best epoch are kept.
            With ``early_stopping`` they are used instead of a part of X.
        y_val : array-like of shape (n_val,), default=None
            Their labels.

        Returns
        -------
        self : object
            The fitted estimator.
        """
        if (X_val is None) != (y_val is None):
            missing = "y_val" if y_val is None else "X_val"
            raise ValueError(f"{missing} is missing: validation rows need both X_val and y_val.")
        is_new = not (self.warm_start and hasattr(self, "net_"))
        rows, y = check_images(self, X, y, dtype=PIXEL_TYPES, reset=is_new)
        check_labels(y, type(self).__name__)
        classes: NDArray[Any] = np.unique(y)
        if not is_new and not np.array_equal(classes, self.classes_):
            raise ValueError(
                f"y contains the classes {classes.tolist()}, but warm_start=True continues with "
                f"{self.classes_.tolist()}: use partial_fit for a part of the classes, or "
                "warm_start=False."
            )
        samples = self._samples(rows, y, classes, sample_weight)
        device, seed = resolve_device(self.device), draw_seed(self.random_state)
        validation = None
        if X_val is not None:
            rows, y_val = check_images(self, X_val, y_val, dtype=PIXEL_TYPES, reset=False)
            validation = Samples(rows, encode(y_val, classes, "y_val", type(self).__name__))
        elif self.early_stopping:
            samples, validation = samples.split(self.validation_fraction, seed)
        if is_new:
            self._learn_pixels(samples, classes)
        epochs = epochs_for(self.max_epochs, len(samples))
        plan = Plan(epochs, self.lr_schedule, keep_state=self.warm_start)
        self._train(samples, validation, plan, device, seed)
        return self

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

        The first call learns the scale and the background of the pixels for all calls.

        Parameters
        ----------
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The digits, in pixels of any number type and any range.
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
        samples = self._samples(rows, y, known, sample_weight)
        device, seed = resolve_device(self.device), draw_seed(self.random_state)
        if is_new:
            self._learn_pixels(samples, known)
        self._train(samples, None, Plan(1, "constant", keep_state=True), device, seed)
        return self

    def _samples(
        self, rows: Pixels, y: Any, classes: NDArray[Any], sample_weight: ArrayLike | None
    ) -> Samples:
        """Check all that can be checked before training; return rows with codes and weights."""
        weights = check_sample_weight(sample_weight, rows)
        self._check_net()
        check_optimizer(self.optimizer, self.weight_decay)
        check_class_weight(self.class_weight, classes)
        codes = encode(y, classes, "y", type(self).__name__)
        weights = row_weights(self.class_weight, codes, weights, classes)
        return Samples(rows, codes, weights).without_zero_weights()

    def _learn_pixels(self, samples: Samples, classes: NDArray[Any]) -> None:
        """Forget an earlier fit; learn the classes, the background and the scale of the pixels."""
        self.__dict__.pop("net_", None)
        self.__dict__.pop("_training", None)
        self.classes_ = classes
        self.background_ = background(samples.rows, self.image_shape_, samples.weights)
        self.pixel_scale_ = learn_scale(samples.rows, samples.weights)

    def _train(
        self,
        samples: Samples,
        validation: Samples | None,
        plan: Plan,
        device: torch.device,
        seed: int,
    ) -> None:
        """Train the net on the samples and set the attributes of the fit."""
        self.device_ = device
        settings = Settings(**{f.name: getattr(self, f.name) for f in fields(Settings)})
        one_batch = len(samples) <= min(self.batch_size, DOUBLE_PRECISION_ROWS)
        double = one_batch and not plan.keep_state and device.type != "mps"  # MPS has no float64
        dtype = torch.float64 if double else torch.float32
        with threads(self.n_threads):
            training = self._training_to_run(settings, dtype, seed)
            augment = self.augment
            if augment is not None:
                augment = Augment(augment, self._arranged_shape(), training.generator)
            rows = self._rows(samples, dtype, augment)
            validation_rows = None if validation is None else self._rows(validation, dtype)
            weights = {"sample_weight": samples.weights}
            data = {"X": samples.rows, "y": self.classes_[samples.codes], "metadata": weights}
            tasks = EpochTasks(self, plan.epochs, data, lambda: {"net_": training.current_net()})
            try:
                training.run(rows, settings, plan, validation_rows, tasks)
            except KeyboardInterrupt:
                self._set_fitted(training, keep_state=plan.keep_state)
                raise
            except DivergedError:
                self._set_fitted(training, keep_state=False)  # the optimizer's state diverged too
                raise
            self._set_fitted(training, keep_state=plan.keep_state)
            tasks.end()

    def _rows(self, samples: Samples, dtype: torch.dtype, augment: Augment | None = None) -> Rows:
        """Return samples on the device, arranged for the module."""
        arranged = Samples(self._arrange(samples.rows), samples.codes, samples.weights)
        return Rows(arranged, self.pixel_scale_, dtype=dtype, device=self.device_, augment=augment)

    def _training_to_run(self, settings: Settings, dtype: torch.dtype, seed: int) -> Training:
        """Return the training of an earlier fit, or a new one with the present or a new module."""
        training: Training | None = self.__dict__.get("_training")
        if training is not None and training.adopt(settings, self.device_):
            return training
        n_classes = len(self.classes_)
        options: dict[str, Any] = {"device": self.device_, "dtype": dtype, "seed": seed}
        if hasattr(self, "net_"):
            return Training(self.module_, n_classes, settings, history=self.history_, **options)
        module = new_module(lambda: self._build_module(n_classes), seed)
        return Training(module, n_classes, settings, **options)

    def _set_fitted(self, training: Training, *, keep_state: bool) -> None:
        """Set the attributes of the fit."""
        self.history_ = list(training.history)
        self.net_ = training.net if keep_state else training.finish()
        if keep_state:
            self._training = training
        else:
            self.__dict__.pop("_training", None)
        self.n_iter_ = len(self.history_)
        self.loss_curve_ = [record["train_loss"] for record in self.history_]
        scores = [record["valid_acc"] for record in self.history_ if "valid_acc" in record]
        self.validation_scores_ = scores or None
        self.best_validation_score_ = training.best_score

    def set_params(self, **params: Any) -> Self:
        """Set parameters by name; the error for an unknown name suggests a known one.

        Parameters
        ----------
        **params : dict
            Names and values.

        Returns
        -------
        self : object
            The estimator.
        """
        check_names(params, self.get_params(deep=False), type(self).__name__)
        super().set_params(**params)
        return self
