"""ReliabilityDisplay: compare the confidence of a classifier with its accuracy."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..utils import check_fitted
from ._panels import BLUE, GREY, panels
from ._predictions import check_predictions


class ReliabilityDisplay:
    """Reliability diagram of all classes: accuracy over confidence.

    The confidence of a row is the probability of its predicted class. In a well calibrated
    classifier 80 % of the rows with a confidence of 0.8 are classified correctly.

    Parameters
    ----------
    confidence, accuracy : ndarray of shape (n_bins,)
        Mean confidence and accuracy in each bin of confidence; NaN for an empty bin.
    counts : ndarray of shape (n_bins,)
        The number of digits in each bin.

    Attributes
    ----------
    calibration_error : float
        The mean gap between confidence and accuracy. Bins are weighted by their counts.
    figure_ : matplotlib Figure
        The figure that contains the axes.
    axes_ : ndarray of matplotlib Axes
        The diagram, and the number of digits in each bin.

    See Also
    --------
    sklearn.calibration.CalibrationDisplay : The calibration curve of one of two classes: how
        often the positive class is true, over its predicted probability. It takes binary
        problems only. ReliabilityDisplay takes any number of classes: it compares the
        confidence of the predicted class with the accuracy over all classes.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_lenet import ReliabilityDisplay
    >>> y_prob = np.array([[0.8, 0.2]] * 10)
    >>> display = ReliabilityDisplay.from_predictions([0] * 8 + [1] * 2, y_prob)
    >>> round(display.calibration_error, 6), int(display.counts.sum())
    (0.0, 10)
    """

    def __init__(
        self, confidence: NDArray[Any], accuracy: NDArray[Any], counts: NDArray[Any]
    ) -> None:
        self.confidence, self.accuracy, self.counts = confidence, accuracy, counts

    @property
    def calibration_error(self) -> float:
        """The mean gap between confidence and accuracy. Bins are weighted by their counts."""
        gaps = np.abs(self.accuracy - self.confidence)
        return float(np.nansum(gaps * self.counts) / self.counts.sum())

    @classmethod
    def from_estimator(
        cls, estimator: Any, X: ArrayLike, y: ArrayLike, *, n_bins: int = 15, ax: Any = None
    ) -> Self:
        """Draw the reliability diagram of a classifier with ``predict_proba``.

        Parameters
        ----------
        estimator : classifier
            Any fitted classifier, not only those of this package.
        X : array-like
            Digits that the classifier was not fitted on.
        y : array-like of shape (n,)
            Their true labels.
        n_bins : int, default=15
            The number of bins of equal width from 0 to 1.
        ax : matplotlib Axes or array of them, default=None
            Where to draw; None makes a figure.

        Returns
        -------
        display : ReliabilityDisplay
            The drawn display.
        """
        check_fitted(estimator)
        return cls.from_predictions(
            y, estimator.predict_proba(X), classes=estimator.classes_, n_bins=n_bins, ax=ax
        )

    @classmethod
    def from_predictions(
        cls,
        y_true: ArrayLike,
        y_prob: ArrayLike,
        *,
        classes: ArrayLike | None = None,
        n_bins: int = 15,
        ax: Any = None,
    ) -> Self:
        """Draw the reliability diagram of true labels and predicted probabilities.

        Parameters
        ----------
        y_true : array-like of shape (n,)
            The true labels.
        y_prob : array-like of shape (n, n_classes)
            The predicted probability of each class.
        classes : array-like of shape (n_classes,), default=None
            The labels of the columns of ``y_prob``; None is 0, 1, 2, ...
        n_bins : int, default=15
            The number of bins of equal width from 0 to 1.
        ax : matplotlib Axes or array of them, default=None
            Where to draw; None makes a figure.

        Returns
        -------
        display : ReliabilityDisplay
            The drawn display.
        """
        if n_bins < 1:
            raise ValueError(f"n_bins={n_bins} is too small; use 1 or more.")
        y_true, y_prob, labels = check_predictions(y_true, y_prob, classes)
        confidences = y_prob.max(axis=1)
        correct = labels[y_prob.argmax(axis=1)] == y_true
        bins = np.minimum((confidences * n_bins).astype(int), n_bins - 1)
        counts = np.bincount(bins, minlength=n_bins)
        with np.errstate(invalid="ignore"):  # 0 / 0 in an empty bin is NaN
            confidence = np.bincount(bins, weights=confidences, minlength=n_bins) / counts
            accuracy = np.bincount(bins, weights=correct, minlength=n_bins) / counts
        return cls(confidence, accuracy, counts).plot(ax=ax)

    def plot(self, *, ax: Any = None) -> Self:
        """Draw accuracy over confidence, and below it the number of digits in each bin.

        Parameters
        ----------
        ax : matplotlib Axes or array of them, default=None
            Where to draw; None makes a figure.

        Returns
        -------
        self : ReliabilityDisplay
            The display.
        """
        self.figure_, axes = panels("ReliabilityDisplay", ax, (2, 1), (4.6, 5.4), (3, 1))
        self.axes_ = axes[:, 0]
        diagram, histogram = self.axes_
        edges = np.linspace(0, 1, len(self.counts) + 1)
        filled = self.counts > 0
        diagram.plot([0, 1], [0, 1], "--", color=GREY, label="perfectly calibrated")
        diagram.plot(
            self.confidence[filled],
            self.accuracy[filled],
            "o-",
            color=BLUE,
            label=f"measured, calibration error {self.calibration_error:.2%}",
        )
        diagram.set(xlim=(0, 1), ylim=(0, 1.02), ylabel="accuracy")
        diagram.legend(frameon=False, loc="lower right")
        histogram.bar(edges[:-1], self.counts, width=np.diff(edges), align="edge", color=BLUE,
                      edgecolor="white")  # fmt: skip
        histogram.set(xlim=(0, 1), yscale="log", ylim=(0.7, None), xlabel="confidence")
        histogram.set_ylabel("digits")
        for panel in self.axes_:
            panel.grid(alpha=0.3)
        return self
