"""BaseDigitClassifier: the one way in which both classifiers are fitted, copied and set."""

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
    Rows,
    Settings,
    Training,
    check_class_weight,
    check_optimizer,
    encoded,
    epochs_for,
    split_off,
    weights_of_rows,
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

DOUBLE_ROWS = 256
"""A fit of no more rows than this, all in one batch, runs in double precision."""


class BaseDigitClassifier(CallbackSupportMixin, ClassifierMixin, DigitPredictor):
    """Abstract: what a digit classifier does besides being a certain net."""

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
        """Return a fresh module that ends in ``n_classes`` logits."""

    @abstractmethod
    def _arranged_shape(self) -> Shape:
        """Return the height and width of what `_arrange` returns, seen as images."""

    @abstractmethod
    def _check_net(self) -> None:
        """Raise a ValueError where parameters and ``image_shape_`` make no net."""

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
        """Train the net: a fresh one, or with ``warm_start`` the one there is.

        Ctrl-C ends the training and is raised again; the estimator is then fitted with
        the weights that were reached.

        Parameters
        ----------
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The digits, in pixels of any number type and any range.
        y : array-like of shape (n,)
            The labels: ints, strings, booleans, whatever ``np.unique`` sorts.
        sample_weight : array-like of shape (n,), default=None
            How much each row counts; None counts them equally.
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
            raise ValueError(f"{missing} is missing: a validation set needs both X_val and y_val.")
        going_on = self.warm_start and hasattr(self, "net_")
        rows, y = check_images(self, X, y, dtype=PIXEL_TYPES, reset=not going_on)
        check_labels(y, type(self).__name__)
        if going_on and not np.array_equal(np.unique(y), self.classes_):
            raise ValueError(
                f"warm_start=True goes on with the classes {self.classes_.tolist()}, but y holds "
                f"{np.unique(y).tolist()}: use partial_fit for a part of the classes, or "
                "warm_start=False."
            )
        classes = self.classes_ if going_on else np.unique(y)
        given = None if X_val is None else (X_val, y_val)
        self._train(rows, y, classes, sample_weight, given, going_on, one_pass=False)
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
        """Make one pass over the rows, at the constant rate ``lr``, with what is there already.

        The first call learns the scale and the background of the pixels, for all calls.

        Parameters
        ----------
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The digits, in pixels of any number type and any range.
        y : array-like of shape (n,)
            Their labels.
        classes : array-like of shape (n_classes,), default=None
            Every label that will ever come; needed in the first call.
        sample_weight : array-like of shape (n,), default=None
            How much each row counts; None counts them equally.

        Returns
        -------
        self : object
            The fitted estimator.
        """
        name = type(self).__name__
        going_on = hasattr(self, "net_")
        if self.class_weight == "balanced":
            raise ValueError(
                "class_weight='balanced' came to partial_fit, which does not see all rows: pass a "
                "dict of weights instead."
            )
        if not going_on and classes is None:
            raise ValueError(f"classes is missing: {name}'s first partial_fit needs every label.")
        rows, y = check_images(self, X, y, dtype=PIXEL_TYPES, reset=not going_on)
        check_labels(y, name)
        known = self.classes_ if classes is None else np.unique(np.asarray(classes))
        if going_on and not np.array_equal(known, self.classes_):
            raise ValueError(
                f"classes={known.tolist()} is not the same as on the first call of partial_fit: "
                f"{self.classes_.tolist()}."
            )
        self._train(rows, y, known, sample_weight, None, going_on, one_pass=True)
        return self

    def _train(
        self,
        rows: Pixels,
        y: Any,
        classes: NDArray[Any],
        sample_weight: ArrayLike | None,
        validation: tuple[Any, Any] | None,
        going_on: bool,
        *,
        one_pass: bool,
    ) -> None:
        name = type(self).__name__
        weights = check_sample_weight(sample_weight, rows)
        self._check_net()
        check_optimizer(self.optimizer, self.weight_decay)
        check_class_weight(self.class_weight, classes)
        device = resolve_device(self.device)
        seed = draw_seed(self.random_state)
        codes = encoded(y, classes, "y", name)
        held_out: tuple[Any, ...] | None = None
        if validation is not None:
            pixels, labels = check_images(self, *validation, dtype=PIXEL_TYPES, reset=False)
            held_out = pixels, encoded(labels, classes, "y_val", name), None
        weights = weights_of_rows(self.class_weight, codes, weights, classes)
        if weights is not None and not weights.all():  # a row without weight is a row less
            kept = weights > 0
            rows, codes, weights = rows[kept], codes[kept], weights[kept]
        if self.early_stopping and held_out is None and not one_pass:
            (rows, codes, weights), held_out = split_off(
                self.validation_fraction, seed, rows, codes, weights
            )
        if not going_on:
            self.__dict__.pop("net_", None)  # nothing of an earlier fit stays behind
            self.__dict__.pop("_training", None)
            self.classes_ = classes
            self.background_ = background(rows, self.image_shape_, weights)
            self.pixel_scale_ = learn_scale(rows, weights)
        self.device_ = device
        with threads(self.n_threads):
            self._run(rows, codes, weights, held_out, seed, one_pass)

    def _run(
        self,
        rows: Pixels,
        codes: NDArray[np.int64],
        weights: NDArray[np.float64] | None,
        held_out: Any,
        seed: int,
        one_pass: bool,
    ) -> None:
        settings = Settings(**{f.name: getattr(self, f.name) for f in fields(Settings)})
        lasting = self.warm_start or one_pass
        few = len(codes) <= min(self.batch_size, DOUBLE_ROWS)
        double = few and not lasting and self.device_.type != "mps"
        dtype = torch.float64 if double else torch.float32
        training = self._start(settings, dtype, seed)

        def as_rows(pixels: Pixels, *targets: Any, augment: Any = None) -> Rows:
            return Rows(
                self._arrange(pixels),
                *targets,
                mean=self.pixel_scale_.mean,
                deviation=self.pixel_scale_.deviation,
                dtype=dtype,
                device=self.device_,
                augment=augment,
            )

        augment = self.augment
        if augment is not None:
            augment = Augment(augment, self._arranged_shape(), training.generator)
        max_epochs = 1 if one_pass else self.max_epochs
        epochs = epochs_for(max_epochs, len(codes))
        data = {"X": rows, "y": self.classes_[codes], "metadata": {"sample_weight": weights}}
        tasks = EpochTasks(self, epochs, data, lambda: {"net_": training.as_of_now()})
        try:
            training.run(
                as_rows(rows, codes, weights, augment=augment),
                settings,
                epochs=epochs,
                schedule="constant" if one_pass else self.lr_schedule,
                validation=None if held_out is None else as_rows(*held_out),
                watcher=tasks,
            )
        except KeyboardInterrupt:
            self._keep(training, lasting)
            raise
        except DivergedError:
            self._keep(training, lasting=False)  # what diverged is in the optimiser as well
            raise
        self._keep(training, lasting)
        tasks.end()

    def _start(self, settings: Settings, dtype: torch.dtype, seed: int) -> Training:
        """Return the training to go on with: the kept one, one around the net, a fresh one."""
        training: Training | None = self.__dict__.get("_training")
        if training is not None and training.goes_on(settings, self.device_):
            return training
        n_classes = len(self.classes_)
        where: dict[str, Any] = {"device": self.device_, "dtype": dtype, "seed": seed}
        if hasattr(self, "net_"):
            return Training(self.module_, n_classes, settings, history=self.history_, **where)
        module = new_module(lambda: self._build_module(n_classes), seed)
        return Training(module, n_classes, settings, **where)

    def _keep(self, training: Training, lasting: bool) -> None:
        """Set what fit leaves behind."""
        self.history_ = list(training.history)
        self.net_ = training.net if lasting else training.finish()
        if lasting:
            self._training = training
        else:
            self.__dict__.pop("_training", None)
        self.n_iter_ = len(self.history_)
        self.loss_curve_ = [row["train_loss"] for row in self.history_]
        scores = [row["valid_acc"] for row in self.history_ if "valid_acc" in row]
        self.validation_scores_ = scores or None
        self.best_validation_score_ = training.best_score

    def set_params(self, **params: Any) -> Self:
        """Set parameters by name; an unknown name is answered with the nearest known ones.

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
