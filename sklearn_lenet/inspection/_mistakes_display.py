"""MistakesDisplay: the misclassified digits with the highest confidence."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.validation import check_array, check_consistent_length

from ..utils import check_fitted, image_shape, smallest_square
from ._panels import panels, show
from ._predictions import check_predictions


class MistakesDisplay:
    """The misclassified digits with the highest confidence.

    Parameters
    ----------
    images : ndarray of shape (n, h, w)
        The misclassified digits, the one with the highest confidence first.
    y_true, y_pred : ndarray of shape (n,)
        Their true and their predicted labels.
    confidences : ndarray of shape (n,)
        The probabilities of the predicted labels.
    n_mistakes, n_rows : int
        The number of all mistakes, and the number of all digits.

    Attributes
    ----------
    figure_ : matplotlib Figure
        The figure that contains the axes.
    axes_ : ndarray of matplotlib Axes
        One for each digit; empty if there is no mistake.

    See Also
    --------
    sklearn.metrics.ConfusionMatrixDisplay : Counts the mistakes of each pair of classes.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from sklearn_lenet import LeNet5Classifier, MistakesDisplay
    >>> X, y = load_digits(return_X_y=True)
    >>> clf = LeNet5Classifier(max_epochs=2, random_state=0).fit(X[:500], y[:500])
    >>> display = MistakesDisplay.from_estimator(clf, X[500:], y[500:], n_shown=8)
    >>> bool((display.y_true != display.y_pred).all()), len(display.axes_)
    (True, 8)
    """

    def __init__(
        self,
        images: NDArray[Any],
        y_true: NDArray[Any],
        y_pred: NDArray[Any],
        confidences: NDArray[Any],
        n_mistakes: int,
        n_rows: int,
    ) -> None:
        self.images, self.y_true, self.y_pred = images, y_true, y_pred
        self.confidences, self.n_mistakes, self.n_rows = confidences, n_mistakes, n_rows

    @classmethod
    def from_estimator(
        cls, estimator: Any, X: ArrayLike, y: ArrayLike, *, n_shown: int = 20, ax: Any = None
    ) -> Self:
        """Draw the mistakes of a classifier with ``predict_proba``.

        Parameters
        ----------
        estimator : classifier
            Any fitted classifier, not only those of this package.
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The digits.
        y : array-like of shape (n,)
            Their true labels.
        n_shown : int, default=20
            The largest number of digits to draw.
        ax : matplotlib Axes or array of them, default=None
            Where to draw; None makes a figure.

        Returns
        -------
        display : MistakesDisplay
            The drawn display.
        """
        check_fitted(estimator)
        return cls.from_predictions(
            X, y, estimator.predict_proba(X), classes=estimator.classes_, n_shown=n_shown, ax=ax
        )

    @classmethod
    def from_predictions(
        cls,
        X: ArrayLike,
        y_true: ArrayLike,
        y_prob: ArrayLike,
        *,
        classes: ArrayLike | None = None,
        n_shown: int = 20,
        ax: Any = None,
    ) -> Self:
        """Draw the mistakes, given the true labels and the predicted probabilities.

        Parameters
        ----------
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The digits.
        y_true : array-like of shape (n,)
            Their true labels.
        y_prob : array-like of shape (n, n_classes)
            The predicted probability of each class.
        classes : array-like of shape (n_classes,), default=None
            The labels of the columns of ``y_prob``; None is 0, 1, 2, ...
        n_shown : int, default=20
            The largest number of digits to draw.
        ax : matplotlib Axes or array of them, default=None
            Where to draw; None makes a figure.

        Returns
        -------
        display : MistakesDisplay
            The drawn display.
        """
        if n_shown < 1:
            raise ValueError(f"n_shown={n_shown} is too small; use 1 or more.")
        y_true, y_prob, labels = check_predictions(y_true, y_prob, classes)
        images = images_of(X)
        check_consistent_length(images, y_true)
        y_pred, confidences = labels[y_prob.argmax(axis=1)], y_prob.max(axis=1)
        wrong = np.flatnonzero(y_pred != y_true)
        shown = wrong[np.argsort(-confidences[wrong], kind="stable")][:n_shown]
        display = cls(
            images[shown], y_true[shown], y_pred[shown], confidences[shown], len(wrong), len(y_true)
        )
        return display.plot(ax=ax)

    def plot(self, *, ax: Any = None) -> Self:
        """Draw the digits with their true label, their predicted label and its confidence.

        Parameters
        ----------
        ax : matplotlib Axes or array of them, default=None
            Where to draw; None makes a figure.

        Returns
        -------
        self : MistakesDisplay
            The display.
        """
        n = len(self.images)
        columns = min(n, 10) or 1
        shape = (-(-n // columns) or 1, columns)
        size = (max(4.0, 1.2 * columns), 1.75 * shape[0] + 0.5)
        self.figure_, axes = panels("MistakesDisplay", ax, shape, size)
        for unused in axes.flat[n:]:
            unused.set_axis_off()
        self.axes_ = axes.ravel()[:n]
        for index, axes in enumerate(self.axes_):
            show(axes, self.images[index], cmap="gray_r")
            axes.set_title(
                f"{self.y_true[index]} as {self.y_pred[index]}\n{self.confidences[index]:.1%}",
                fontsize=9,
            )
        if ax is None:
            title = f"{self.n_mistakes} mistakes in {self.n_rows:,} digits"
            if n:
                title += (
                    ", all shown" if n == self.n_mistakes else f", the {n} most confident shown"
                )
            self.figure_.suptitle(title, fontsize=11)
        return self


def images_of(X: Any) -> NDArray[Any]:
    """Return images of any accepted shape as (n, h, w); rows of pixels become squares."""
    X = np.asarray(X)
    shape = image_shape(X.shape)
    if shape is None:
        X = check_array(X)
        shape = smallest_square(X.shape[1])
        X = np.pad(X, ((0, 0), (0, shape.height * shape.width - X.shape[1])))
    images: NDArray[Any] = X.reshape(len(X), *shape)
    return images
