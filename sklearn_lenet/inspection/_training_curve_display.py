"""TrainingCurveDisplay: loss and validation accuracy over the epochs."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from ._layers import fitted_classifier
from ._panels import BLUE, GREY, ORANGE, panels


class TrainingCurveDisplay:
    """Loss and validation accuracy over the epochs of a fit.

    Parameters
    ----------
    history : list of dict
        One dict for each epoch: ``train_loss``, and with validation rows also ``valid_loss`` and
        ``valid_acc``.

    Attributes
    ----------
    figure_ : matplotlib Figure
        The figure that contains the axes.
    axes_ : ndarray of matplotlib Axes
        The losses, and with validation rows the accuracy.

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
        """Draw the training curve of a fitted net.

        Parameters
        ----------
        estimator : classifier of this package, or pipeline that ends in one
            It has to be fitted.
        ax : matplotlib Axes or array of them, default=None
            Where to draw; None makes a figure.

        Returns
        -------
        display : TrainingCurveDisplay
            The drawn display.
        """
        return cls(fitted_classifier(estimator).history_).plot(ax=ax)

    def plot(self, *, ax: Any = None) -> Self:
        """Draw the curves over the epochs.

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
        epochs = np.arange(1, len(self.history) + 1)
        loss = self.axes_[0]
        loss.plot(epochs, self._column("train_loss"), "o-", color=BLUE, label="training rows")
        if validated:
            valid_loss = self._column("valid_loss")
            loss.plot(epochs, valid_loss, "s--", color=ORANGE, label="validation rows")
            scores = self._column("valid_acc")
            self.axes_[1].plot(epochs, scores, "s--", color=ORANGE)
            best = int(np.argmax(scores))
            self.axes_[1].annotate(
                f"best: {scores[best]:.4f}\nepoch {epochs[best]}",
                (epochs[best], scores[best]),
                xytext=(0, -42),
                textcoords="offset points",
                ha="right" if best > len(scores) / 2 else "left",
                arrowprops={"arrowstyle": "-", "color": GREY},
                fontsize=9,
            )
            self.axes_[1].set(xlabel="epoch", ylabel="accuracy on validation rows")
            loss.legend(frameon=False)
        loss.set(xlabel="epoch", ylabel="loss")
        for panel in self.axes_:
            panel.xaxis.get_major_locator().set_params(integer=True)
            panel.grid(alpha=0.3)
        return self

    def _column(self, name: str) -> list[float]:
        return [epoch[name] for epoch in self.history]
