"""The digits that a classifier got wrong and was surest of."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.validation import check_array, check_consistent_length

from ..utils import check_fitted, check_shares, image_shape, smallest_square
from ._panels import panels, show


class MistakesDisplay:
    """The digits that a classifier got wrong and was surest of.

    Parameters
    ----------
    images : ndarray of shape (n, h, w)
        The digits, the surest mistake first.
    truth, answers : ndarray of shape (n,)
        What they are, and what they were taken for.
    confidences : ndarray of shape (n,)
        The probability of each answer.
    n_mistakes, n_rows : int
        How many mistakes there were in all, of how many digits.

    Attributes
    ----------
    figure_ : matplotlib Figure
        What was drawn on.
    axes_ : ndarray of matplotlib Axes
        One for each digit; empty where there is no mistake.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from sklearn_lenet import LeNet5Classifier, MistakesDisplay
    >>> X, y = load_digits(return_X_y=True)
    >>> clf = LeNet5Classifier(max_epochs=2, random_state=0).fit(X[:500], y[:500])
    >>> display = MistakesDisplay.from_estimator(clf, X[500:], y[500:], n_shown=8)
    >>> bool((display.truth != display.answers).all()), len(display.axes_)
    (True, 8)
    """

    def __init__(
        self,
        images: NDArray[Any],
        truth: NDArray[Any],
        answers: NDArray[Any],
        confidences: NDArray[Any],
        n_mistakes: int,
        n_rows: int,
    ) -> None:
        self.images, self.truth, self.answers = images, truth, answers
        self.confidences, self.n_mistakes, self.n_rows = confidences, n_mistakes, n_rows

    @classmethod
    def from_estimator(
        cls, estimator: Any, X: ArrayLike, y: ArrayLike, *, n_shown: int = 20, ax: Any = None
    ) -> Self:
        """Draw the surest mistakes of any classifier with ``predict_proba``.

        Parameters
        ----------
        estimator : classifier
            Fitted.
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The digits.
        y : array-like of shape (n,)
            What they are.
        n_shown : int, default=20
            How many are drawn at most.
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
        y: ArrayLike,
        probabilities: ArrayLike,
        *,
        classes: ArrayLike | None = None,
        n_shown: int = 20,
        ax: Any = None,
    ) -> Self:
        """Draw the surest mistakes among given probabilities.

        Parameters
        ----------
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The digits.
        y : array-like of shape (n,)
            What they are.
        probabilities : array-like of shape (n, n_classes)
            What a classifier holds of each.
        classes : array-like of shape (n_classes,), default=None
            The columns' labels; None counts from 0.
        n_shown : int, default=20
            How many are drawn at most.
        ax : matplotlib Axes or array of them, default=None
            Where to draw; None makes a figure.

        Returns
        -------
        display : MistakesDisplay
            The drawn display.
        """
        if n_shown < 1:
            raise ValueError(f"n_shown={n_shown} came, but at least 1 is needed.")
        y, shares, labels = check_shares(y, probabilities, classes)
        images = as_pictures(X)
        check_consistent_length(images, y)
        answers, sure = labels[shares.argmax(axis=1)], shares.max(axis=1)
        wrong = np.flatnonzero(answers != y)
        worst = wrong[np.argsort(-sure[wrong], kind="stable")][:n_shown]
        display = cls(images[worst], y[worst], answers[worst], sure[worst], len(wrong), len(y))
        return display.plot(ax=ax)

    def plot(self, *, ax: Any = None) -> Self:
        """Draw the digits with what they are and what they were taken for.

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
        for spare in axes.flat[n:]:
            spare.set_axis_off()
        self.axes_ = axes.ravel()[:n]
        for place, axes in enumerate(self.axes_):
            show(axes, self.images[place], cmap="gray_r")
            axes.set_title(
                f"{self.truth[place]} as {self.answers[place]}\n{self.confidences[place]:.1%}",
                fontsize=9,
            )
        if ax is None:
            which = "all" if n == self.n_mistakes else f"the surest {n}"
            title = f"{self.n_mistakes} mistakes in {self.n_rows:,} digits"
            self.figure_.suptitle(f"{title}, {which} shown" if n else title, fontsize=11)
        return self


def as_pictures(X: Any) -> NDArray[Any]:
    """Return images of any accepted shape as (n, h, w); rows of values as squares."""
    X = np.asarray(X)
    shape = image_shape(X.shape)
    if shape is None:
        X = check_array(X)
        shape = smallest_square(X.shape[1])
        X = np.pad(X, ((0, 0), (0, shape.height * shape.width - X.shape[1])))
    pictures: NDArray[Any] = X.reshape(len(X), *shape)
    return pictures
