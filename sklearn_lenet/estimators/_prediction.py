"""DigitPredictor: the predictions of a fitted classifier, and its move to another device."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils import Tags
from torch import Tensor, from_numpy
from torch.nn.functional import linear

from ..datasets import NO_DIGIT
from ..training import Inference, novelty, probabilities
from ..utils import (
    PIXEL_TYPES,
    Pixels,
    PixelScale,
    Shape,
    by_block,
    check_fitted,
    check_images,
    threads,
    warn_of_inverted,
    warn_of_other_range,
)
from ._fitted_net import FittedNet


class DigitPredictor(FittedNet):
    """Abstract: labels, probabilities and scores of a fitted net."""

    n_threads: int | None
    classes_: NDArray[Any]
    image_shape_: Shape
    background_: float
    pixel_scale_: PixelScale
    temperature_: float
    prototypes_: NDArray[np.float32]
    novelty_threshold_: float

    @abstractmethod
    def _arrange(self, rows: Pixels) -> Pixels:
        """Return the rows in the shape that the module takes."""

    @by_block
    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the most probable label of each row.

        Parameters
        ----------
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The digits, scaled as they were in ``fit``; those of Dask give a lazy array.

        Returns
        -------
        y : ndarray of shape (n,)
            Labels from ``classes_``.
        """
        best = self._logits_of_rows(self._checked(X)).argmax(dim=1).numpy()
        labels: NDArray[Any] = self.classes_[best]
        return labels

    @by_block
    def predict_proba(self, X: ArrayLike) -> NDArray[np.float32]:
        """Return the probability of each class, calibrated with ``temperature_``.

        Parameters
        ----------
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The digits, scaled as they were in ``fit``; those of Dask give a lazy array.

        Returns
        -------
        probabilities : ndarray of shape (n, n_classes), float32
            One column per class, in the order of ``classes_``; rows sum to 1.
        """
        return probabilities(self._scaled_logits(self._checked(X)))

    @by_block
    def predict_log_proba(self, X: ArrayLike) -> NDArray[np.float32]:
        """Return the logarithm of the probability of each class; it is always finite.

        Parameters
        ----------
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The digits, scaled as they were in ``fit``; those of Dask give a lazy array.

        Returns
        -------
        log_probabilities : ndarray of shape (n, n_classes), float32
            One column per class, in the order of ``classes_``.
        """
        return self._scaled_logits(self._checked(X)).log_softmax(dim=1).numpy()

    @by_block
    def decision_function(self, X: ArrayLike) -> NDArray[np.float32]:
        """Return the logits, divided by ``temperature_``; for two classes, their difference.

        Parameters
        ----------
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The digits, scaled as they were in ``fit``; those of Dask give a lazy array.

        Returns
        -------
        scores : ndarray of shape (n, n_classes), or (n,) for fewer than three classes
            For two classes, a score above zero means the second class.
        """
        scores = self._scaled_logits(self._checked(X))
        if len(self.classes_) == 2:
            return (scores[:, 1] - scores[:, 0]).numpy()
        return scores.squeeze(1).numpy() if len(self.classes_) == 1 else scores.numpy()

    @by_block
    def novelty_score(self, X: ArrayLike) -> NDArray[np.float32]:
        """Return how much each row differs from the training rows: higher is more different.

        It is the cosine distance of the row's features to those of the nearest training rows, as
        ten prototypes of each class describe them. The features are the inputs of the output
        layer: F6 of LeNet-5, the last hidden layer of a dense net. If the label -1 is among the
        classes (see `add_non_digits`), its logit counts as well.

        Parameters
        ----------
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The digits, scaled as they were in ``fit``; those of Dask give a lazy array.

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
        prototypes = from_numpy(self.prototypes_)
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


def non_digit_code(classes: NDArray[Any]) -> int | None:
    """Return the index of the label -1 or "-1", None if it is no label or the only one.

    >>> non_digit_code(np.array([-1, 0, 1])), non_digit_code(np.array(["0", "1"]))
    (0, None)
    """
    found = np.flatnonzero(classes.astype(str) == str(NO_DIGIT))
    return int(found[0]) if len(found) and len(classes) > 1 else None
