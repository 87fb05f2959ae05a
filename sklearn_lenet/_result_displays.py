"""Displays of how a classifier does: its training, its worst mistakes, its honesty."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.validation import check_array, check_consistent_length, column_or_1d

from ._geometry import image_shape, smallest_square
from ._plots import BLUE, GREY, ORANGE, panels, show
from ._stages import fitted
from ._validation import check_fitted


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
        y, shares, labels = checked(y, probabilities, classes)
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


class TrainingCurveDisplay:
    """How loss and accuracy ran while a net was trained.

    Parameters
    ----------
    history : list of dict
        One for each pass: ``train_loss``, and ``valid_loss`` and ``valid_acc`` where there were
        validation rows.

    Attributes
    ----------
    figure_ : matplotlib Figure
        What was drawn on.
    axes_ : ndarray of matplotlib Axes
        The losses, and the accuracy where there is one.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from sklearn_lenet import LeNet5Classifier, TrainingCurveDisplay
    >>> X, y = load_digits(return_X_y=True)
    >>> clf = LeNet5Classifier(max_epochs=3, early_stopping=True, random_state=0)
    >>> display = TrainingCurveDisplay.from_estimator(clf.fit(X[:500], y[:500]))
    >>> [axes.get_ylabel() for axes in display.axes_]
    ['loss', 'accuracy on validation rows']
    """

    def __init__(self, history: list[dict[str, Any]]) -> None:
        self.history = history

    @classmethod
    def from_estimator(cls, estimator: Any, *, ax: Any = None) -> Self:
        """Draw the training of a fitted net.

        Parameters
        ----------
        estimator : classifier of this package, or pipeline that ends in one
            Fitted.
        ax : matplotlib Axes or array of them, default=None
            Where to draw; None makes a figure.

        Returns
        -------
        display : TrainingCurveDisplay
            The drawn display.
        """
        return cls(fitted(estimator).history_).plot(ax=ax)

    def plot(self, *, ax: Any = None) -> Self:
        """Draw the curves over the passes.

        Parameters
        ----------
        ax : matplotlib Axes or array of them, default=None
            Where to draw; None makes a figure.

        Returns
        -------
        self : TrainingCurveDisplay
            The display.
        """
        validated = bool(self.history) and "valid_acc" in self.history[0]
        shape = (1, 2 if validated else 1)
        self.figure_, axes = panels("TrainingCurveDisplay", ax, shape, (4.6 * shape[1], 3.4))
        self.axes_ = axes[0]
        passes = np.arange(1, len(self.history) + 1)
        loss = self.axes_[0]
        loss.plot(passes, self._of("train_loss"), "o-", color=BLUE, label="training rows")
        if validated:
            valid = self._of("valid_loss")
            loss.plot(passes, valid, "s--", color=ORANGE, label="validation rows")
            scores = self._of("valid_acc")
            self.axes_[1].plot(passes, scores, "s--", color=ORANGE)
            best = int(np.argmax(scores))
            self.axes_[1].annotate(
                f"best: {scores[best]:.4f}\npass {passes[best]}",
                (passes[best], scores[best]),
                xytext=(0, -42),
                textcoords="offset points",
                ha="right" if best > len(scores) / 2 else "left",
                arrowprops={"arrowstyle": "-", "color": GREY},
                fontsize=9,
            )
            self.axes_[1].set(xlabel="pass", ylabel="accuracy on validation rows")
            loss.legend(frameon=False)
        loss.set(xlabel="pass", ylabel="loss")
        for one in self.axes_:
            one.xaxis.get_major_locator().set_params(integer=True)
            one.grid(alpha=0.3)
        return self

    def _of(self, name: str) -> list[float]:
        return [row[name] for row in self.history]


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
        y, shares, labels = checked(y, probabilities, classes)
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


def checked(
    y: Any, probabilities: Any, classes: Any
) -> tuple[NDArray[Any], NDArray[np.float64], NDArray[Any]]:
    """Return labels, a row of probabilities for each, and the labels of the columns."""
    y = column_or_1d(y)
    shares = check_array(probabilities, dtype=np.float64, input_name="probabilities")
    check_consistent_length(y, shares)
    labels = np.arange(shares.shape[1]) if classes is None else np.asarray(classes)
    if len(labels) != shares.shape[1]:
        raise ValueError(
            f"probabilities came with {shares.shape[1]} columns, but there are {len(labels)} "
            "classes."
        )
    if shares.min() < 0 or shares.max() > 1 + 1e-6:
        raise ValueError(
            f"probabilities run from {shares.min():g} to {shares.max():g}, but 0 to 1 is needed."
        )
    return y, shares, labels


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
