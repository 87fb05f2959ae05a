"""Whether a classifier is right as often as it says."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..utils import check_fitted, check_shares
from ._panels import BLUE, GREY, panels


class ReliabilityDisplay:
    """Whether a classifier is right as often as it says: accuracy by confidence.

    Parameters
    ----------
    confidence, accuracy : ndarray of shape (n_bins,)
        Mean confidence and accuracy in each bin of confidence; NaN where it is empty.
    counts : ndarray of shape (n_bins,)
        Digits in each bin.

    Attributes
    ----------
    calibration_error : float
        The mean gap between confidence and accuracy, bins weighted by their digits.
    figure_ : matplotlib Figure
        What was drawn on.
    axes_ : ndarray of matplotlib Axes
        The diagram, and how many digits lie in each bin.

    See Also
    --------
    sklearn.calibration.CalibrationDisplay : The same for one of two classes.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_lenet import ReliabilityDisplay
    >>> probabilities = np.array([[0.8, 0.2]] * 10)
    >>> display = ReliabilityDisplay.from_predictions([0] * 8 + [1] * 2, probabilities)
    >>> round(display.calibration_error, 6), int(display.counts.sum())
    (0.0, 10)
    """

    def __init__(
        self, confidence: NDArray[Any], accuracy: NDArray[Any], counts: NDArray[Any]
    ) -> None:
        self.confidence, self.accuracy, self.counts = confidence, accuracy, counts

    @property
    def calibration_error(self) -> float:
        """The mean gap between confidence and accuracy, bins weighted by their digits."""
        gaps = np.abs(self.accuracy - self.confidence)
        return float(np.nansum(gaps * self.counts) / self.counts.sum())

    @classmethod
    def from_estimator(
        cls, estimator: Any, X: ArrayLike, y: ArrayLike, *, n_bins: int = 15, ax: Any = None
    ) -> Self:
        """Draw how honest any classifier with ``predict_proba`` is.

        Parameters
        ----------
        estimator : classifier
            Fitted.
        X : array-like
            Digits that it has not learned.
        y : array-like of shape (n,)
            What they are.
        n_bins : int, default=15
            Bins of equal width from 0 to 1.
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
        y: ArrayLike,
        probabilities: ArrayLike,
        *,
        classes: ArrayLike | None = None,
        n_bins: int = 15,
        ax: Any = None,
    ) -> Self:
        """Draw how honest given probabilities are.

        Parameters
        ----------
        y : array-like of shape (n,)
            The true labels.
        probabilities : array-like of shape (n, n_classes)
            What a classifier holds of each row.
        classes : array-like of shape (n_classes,), default=None
            The columns' labels; None counts from 0.
        n_bins : int, default=15
            Bins of equal width from 0 to 1.
        ax : matplotlib Axes or array of them, default=None
            Where to draw; None makes a figure.

        Returns
        -------
        display : ReliabilityDisplay
            The drawn display.
        """
        if n_bins < 1:
            raise ValueError(f"n_bins={n_bins} came, but at least 1 is needed.")
        y, shares, labels = check_shares(y, probabilities, classes)
        sure = shares.max(axis=1)
        right = labels[shares.argmax(axis=1)] == y
        which = np.minimum((sure * n_bins).astype(int), n_bins - 1)
        counts = np.bincount(which, minlength=n_bins)
        with np.errstate(invalid="ignore"):
            confidence = np.bincount(which, weights=sure, minlength=n_bins) / counts
            accuracy = np.bincount(which, weights=right, minlength=n_bins) / counts
        return cls(confidence, accuracy, counts).plot(ax=ax)

    def plot(self, *, ax: Any = None) -> Self:
        """Draw accuracy over confidence, and below how many digits lie in each bin.

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
        diagram, below = self.axes_
        edges = np.linspace(0, 1, len(self.counts) + 1)
        seen = self.counts > 0
        diagram.plot([0, 1], [0, 1], "--", color=GREY, label="right as often as it says")
        diagram.plot(
            self.confidence[seen],
            self.accuracy[seen],
            "o-",
            color=BLUE,
            label=f"measured, off by {self.calibration_error:.2%}",
        )
        diagram.set(xlim=(0, 1), ylim=(0, 1.02), ylabel="accuracy")
        diagram.legend(frameon=False, loc="lower right")
        below.bar(edges[:-1], self.counts, width=np.diff(edges), align="edge", color=BLUE,
                  edgecolor="white")  # fmt: skip
        below.set(xlim=(0, 1), yscale="log", ylim=(0.7, None), xlabel="confidence")
        below.set_ylabel("digits")
        for one in self.axes_:
            one.grid(alpha=0.3)
        return self
