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

from ..training import Inference, probabilities
from ..utils import (
    PIXEL_TYPES,
    DocLinkMixin,
    Pixels,
    PixelScale,
    check_fitted,
    check_images,
    resolve_device,
    threads,
    warn_of_other_range,
)


class DigitPredictor(DocLinkMixin, BaseEstimator, ABC):
    """Abstract: labels, probabilities and scores of a fitted net."""

    device: str | torch.device
    n_threads: int | None
    classes_: NDArray[Any]
    pixel_scale_: PixelScale
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
            One column per class, in the order of ``classes_``; rows sum to 1.
        """
        return probabilities(self._logits(X))

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
        return self._logits(X).log_softmax(dim=1).numpy()

    def decision_function(self, X: ArrayLike) -> NDArray[np.float32]:
        """Return the logits; for two classes their difference, as scikit-learn does.

        Parameters
        ----------
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The digits, scaled as they were in ``fit``.

        Returns
        -------
        scores : ndarray of shape (n, n_classes), or (n,) for fewer than three classes
            For two classes, a score above zero means the second class.
        """
        scores = self._logits(X)
        if len(self.classes_) == 2:
            return (scores[:, 1] - scores[:, 0]).numpy()
        return scores.squeeze(1).numpy() if len(self.classes_) == 1 else scores.numpy()

    def _logits(self, X: ArrayLike) -> Tensor:
        check_fitted(self)
        rows, _ = check_images(self, X, dtype=PIXEL_TYPES, reset=False)
        warn_of_other_range(rows, self.pixel_scale_, type(self).__name__)
        return self._logits_of_rows(rows)

    def _logits_of_rows(self, rows: Pixels) -> Tensor:
        with threads(self.n_threads):
            pixels = self._arrange(rows)
            inference = self.__dict__.get("_inference") or Inference()
            return inference.logits(self.module_, pixels, self.pixel_scale_, self.device_)

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


def moved(net: Any, device: torch.device) -> Any:
    """Return a copy of a trained net on another device."""
    net = copy.deepcopy(net)
    net.module_.to(device)
    net.device = str(device)
    return net
