"""DigitPredictor: the predictions of a fitted classifier, and its move to another device."""

from __future__ import annotations

import copy
import warnings
from abc import ABC, abstractmethod
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator
from sklearn.utils import Tags
from torch import Tensor, nn
from torch.nn.functional import linear

from ..datasets import NO_DIGIT
from ..training import Inference, novelty, probabilities
from ..utils import (
    PIXEL_TYPES,
    DocLinkMixin,
    Pixels,
    PixelScale,
    Shape,
    check_fitted,
    check_images,
    resolve_device,
    threads,
    warn_of_inverted,
    warn_of_other_range,
)


class DigitPredictor(DocLinkMixin, BaseEstimator, ABC):
    """Abstract: labels, probabilities and scores of a fitted net."""

    device: str | torch.device
    n_threads: int | None
    classes_: NDArray[Any]
    image_shape_: Shape
    background_: float
    pixel_scale_: PixelScale
    temperature_: float
    prototypes_: NDArray[np.float32]
    novelty_threshold_: float
    device_: torch.device
    net_: Any

    @abstractmethod
    def _arrange(self, rows: Pixels) -> Pixels:
        """Return the rows in the shape that the module takes."""

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
            Labels from ``classes_``.
        """
        best = self._logits_of_rows(self._checked(X)).argmax(dim=1).numpy()
        labels: NDArray[Any] = self.classes_[best]
        return labels

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float32]:
        """Return the probability of each class, calibrated with ``temperature_``.

        Parameters
        ----------
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The digits, scaled as they were in ``fit``.

        Returns
        -------
        probabilities : ndarray of shape (n, n_classes), float32
            One column per class, in the order of ``classes_``; rows sum to 1.
        """
        return probabilities(self._scaled_logits(self._checked(X)))

    def predict_log_proba(self, X: ArrayLike) -> NDArray[np.float32]:
        """Return the logarithm of the probability of each class; it is always finite.

        Parameters
        ----------
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The digits, scaled as they were in ``fit``.

        Returns
        -------
        log_probabilities : ndarray of shape (n, n_classes), float32
            One column per class, in the order of ``classes_``.
        """
        return self._scaled_logits(self._checked(X)).log_softmax(dim=1).numpy()

    def decision_function(self, X: ArrayLike) -> NDArray[np.float32]:
        """Return the logits, divided by ``temperature_``; for two classes, their difference.

        Parameters
        ----------
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The digits, scaled as they were in ``fit``.

        Returns
        -------
        scores : ndarray of shape (n, n_classes), or (n,) for fewer than three classes
            For two classes, a score above zero means the second class.
        """
        scores = self._scaled_logits(self._checked(X))
        if len(self.classes_) == 2:
            return (scores[:, 1] - scores[:, 0]).numpy()
        return scores.squeeze(1).numpy() if len(self.classes_) == 1 else scores.numpy()

    def novelty_score(self, X: ArrayLike) -> NDArray[np.float32]:
        """Return how much each row differs from the training rows: higher is more different.

        It is the cosine distance of the row's features to those of the nearest training rows, as
        ten prototypes of each class describe them. The features are the inputs of the output
        layer: F6 of LeNet-5, the last hidden layer of a dense net. If the label -1 is among the
        classes (see `add_non_digits`), its logit counts as well.

        Parameters
        ----------
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The digits, scaled as they were in ``fit``.

        Returns
        -------
        scores : ndarray of shape (n,), float32
            1 % of the digits from which ``novelty_threshold_`` was learned, validation rows or
            distorted training rows, have a higher score than it.
        """
        rows = self._checked(X)
        if not hasattr(self, "prototypes_"):
            raise ValueError(
                f"this {type(self).__name__} has no prototypes, because partial_fit, an "
                "interrupted or diverged fit or an earlier version has trained it: call fit."
            )
        return self._novelty_of_rows(rows).numpy()

    def _novelty_of_rows(self, rows: Pixels) -> Tensor:
        with threads(self.n_threads):
            features = self._inference_of_net().features(
                self.module_, self._arrange(rows), self.pixel_scale_, self.device_
            )
        weight, bias = (
            part.detach().cpu() for part in self.module_.get_submodule("output").parameters()
        )
        logits = linear(features, weight, bias) / self.temperature_
        prototypes = torch.from_numpy(self.prototypes_)
        return novelty(features, logits, prototypes, non_digit_code(self.classes_))

    def _checked(self, X: ArrayLike) -> Pixels:
        """Return the rows of X; warn if they differ from the training rows as a whole."""
        check_fitted(self)
        rows, _ = check_images(self, X, dtype=PIXEL_TYPES, reset=False)
        name, scale = type(self).__name__, self.pixel_scale_
        warn_of_other_range(rows, scale, name)
        ends = scale.lowest, scale.highest
        warn_of_inverted(rows, self.image_shape_, self.background_, scale.mean, ends, name)
        return rows

    def _scaled_logits(self, rows: Pixels) -> Tensor:
        """Return the logits whose softmax are the calibrated probabilities."""
        return self._logits_of_rows(rows) / self.temperature_

    def _logits_of_rows(self, rows: Pixels) -> Tensor:
        with threads(self.n_threads):
            pixels = self._arrange(rows)
            return self._inference_of_net().logits(
                self.module_, pixels, self.pixel_scale_, self.device_
            )

    def _inference_of_net(self) -> Inference:
        return self.__dict__.get("_inference") or Inference()

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        return tags

    def _move_net_to_device(self) -> None:
        """Move the net to ``device_``; if that device is missing, warn and use the CPU."""
        if self.device_.type == "cpu":
            return
        try:
            self.device_ = resolve_device(self.device_)
        except ValueError:
            if self.device != "auto":
                warnings.warn(
                    f"{type(self).__name__} was fitted on {self.device_}, which is not available "
                    "here: it predicts on the CPU.",
                    UserWarning,
                    stacklevel=3,
                )
            self.device_ = torch.device("cpu")
        self.net_ = moved(self.net_, self.device_)


def non_digit_code(classes: NDArray[Any]) -> int | None:
    """Return the index of the label -1 or "-1", None if it is no label or the only one.

    >>> non_digit_code(np.array([-1, 0, 1])), non_digit_code(np.array(["0", "1"]))
    (0, None)
    """
    found = np.flatnonzero(classes.astype(str) == str(NO_DIGIT))
    return int(found[0]) if len(found) and len(classes) > 1 else None


def moved(net: Any, device: torch.device) -> Any:
    """Return a copy of a trained net on another device."""
    net = copy.deepcopy(net)
    net.module_.to(device)
    net.device = str(device)
    return net
