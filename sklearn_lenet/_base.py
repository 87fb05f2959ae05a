"""BaseDigitClassifier: the one fit and predict path of both classifiers."""

from __future__ import annotations

import difflib
import warnings
from abc import ABC, abstractmethod
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, _fit_context
from sklearn.utils import Tags
from torch import Tensor, nn

from . import _training
from ._geometry import Pixels, Shape, background
from ._scale import learn_scale, warn_of_other_range
from ._validation import check_fitted, check_images, check_labels, check_sample_weight

PIXEL_TYPES = [np.float32, np.uint8]
"""Pixels stay uint8 where they came so; everything else becomes float32."""


class BaseDigitClassifier(ClassifierMixin, BaseEstimator, ABC):
    """Abstract: what a digit classifier does besides being a certain net."""

    lr: float
    max_epochs: int | str
    batch_size: int
    device: str | torch.device
    random_state: Any
    n_features_in_: int
    image_shape_: Shape

    @abstractmethod
    def _build_module(self, n_classes: int) -> nn.Module:
        """Return a fresh module that ends in ``n_classes`` logits."""

    @abstractmethod
    def _arrange(self, rows: Pixels) -> Pixels:
        """Return the rows in the shape that the module takes."""

    @abstractmethod
    def _check_net(self) -> None:
        """Raise a ValueError where parameters and ``image_shape_`` make no net."""

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Train a fresh net on all the rows.

        Parameters
        ----------
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The digits, in pixels of any number type and any range.
        y : array-like of shape (n,)
            The labels: ints, strings, booleans, whatever ``np.unique`` sorts.
        sample_weight : array-like of shape (n,), default=None
            How much each row counts; None counts them equally.

        Returns
        -------
        self : object
            The fitted estimator.
        """
        rows, y = check_images(self, X, y, dtype=PIXEL_TYPES, reset=True)
        check_labels(y, type(self).__name__)
        weights = check_sample_weight(sample_weight, rows)
        self._check_net()
        device = _training.resolve_device(self.device)

        self.classes_, codes = np.unique(y, return_inverse=True)
        if weights is not None and not weights.all():  # a row without weight is a row less
            kept = weights > 0
            rows, codes, weights = rows[kept], codes[kept], weights[kept]
        self.background_ = background(rows, self.image_shape_, weights)
        self.pixel_scale_ = learn_scale(rows, weights)

        self.__dict__.pop("net_", None)  # an interrupted fit leaves no net of an earlier one
        with _training.limited_threads():
            self.net_, self.loss_curve_ = _training.train(
                self._build_module,
                len(self.classes_),
                self._arrange(rows),
                codes,
                weights,
                mean=self.pixel_scale_.mean,
                deviation=self.pixel_scale_.deviation,
                lr=self.lr,
                max_epochs=self.max_epochs,
                batch_size=self.batch_size,
                device=device,
                seed=_training.draw_seed(self.random_state),
            )
        self.device_ = device
        self.n_iter_ = len(self.loss_curve_)
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "net_")

    @property
    def module_(self) -> nn.Module:
        """The trained torch module."""
        module: nn.Module = self.net_.module_
        return module

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the most probable label of each row.

        Parameters
        ----------
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The digits, scaled as they were in ``fit``.

        Returns
        -------
        y : ndarray of shape (n,)
            Labels out of ``classes_``.
        """
        best = self._logits(X).argmax(dim=1).numpy()
        labels: NDArray[Any] = self.classes_[best]
        return labels

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float32]:
        """Return the probability of each class.

        Parameters
        ----------
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The digits, scaled as they were in ``fit``.

        Returns
        -------
        probabilities : ndarray of shape (n, n_classes), float32
            One column for each of ``classes_``; rows sum to 1.
        """
        return self._logits(X).softmax(dim=1).numpy()

    def predict_log_proba(self, X: ArrayLike) -> NDArray[np.float32]:
        """Return the logarithm of the probability of each class, always finite.

        Parameters
        ----------
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The digits, scaled as they were in ``fit``.

        Returns
        -------
        log_probabilities : ndarray of shape (n, n_classes), float32
            One column for each of ``classes_``.
        """
        return self._logits(X).log_softmax(dim=1).numpy()

    def decision_function(self, X: ArrayLike) -> NDArray[np.float32]:
        """Return the logits; for two classes, as scikit-learn has it, their difference.

        Parameters
        ----------
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The digits, scaled as they were in ``fit``.

        Returns
        -------
        scores : ndarray of shape (n, n_classes), or (n,) for fewer than three classes
            A score above zero speaks for the second of two classes.
        """
        logits = self._logits(X)
        if len(self.classes_) == 2:
            return (logits[:, 1] - logits[:, 0]).numpy()
        return logits.squeeze(1).numpy() if len(self.classes_) == 1 else logits.numpy()

    def _logits(self, X: ArrayLike) -> Tensor:
        check_fitted(self)
        rows, _ = check_images(self, X, dtype=PIXEL_TYPES, reset=False)
        warn_of_other_range(rows, self.pixel_scale_, type(self).__name__)
        with _training.limited_threads():
            return _training.logits(
                self.module_,
                self._arrange(rows),
                mean=self.pixel_scale_.mean,
                deviation=self.pixel_scale_.deviation,
                device=self.device_,
            )

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
        known = self.get_params(deep=False)
        for name in params.keys() - known.keys():
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"it has {sorted(known)}."
            raise ValueError(f"{type(self).__name__} has no parameter {name!r}: {hint}")
        super().set_params(**params)
        return self

    def __getstate__(self) -> dict[str, Any]:
        # Weights travel on the CPU, so that they can be read where there is no GPU.
        state: dict[str, Any] = super().__getstate__()
        if "net_" in state and self.device_.type != "cpu":
            state["net_"] = _training.moved(self.net_, torch.device("cpu"))
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        if "net_" not in state or self.device_.type == "cpu":
            return
        try:
            self.device_ = _training.resolve_device(self.device_)
        except ValueError:
            if self.device != "auto":
                warnings.warn(
                    f"{type(self).__name__} was fitted on {self.device_}, which is not to be "
                    "had here: it predicts on the CPU.",
                    UserWarning,
                    stacklevel=2,
                )
            self.device_ = torch.device("cpu")
        self.net_ = _training.moved(self.net_, self.device_)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        return tags
