"""Which pixels an answer hangs on, drawn over the digits."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._layers import fitted, outputs_of, prepared
from ._panels import SIGNED, panels, show
from ._saliency import METHODS, as_images, saliency


class SaliencyDisplay:
    """Which pixels a net's answer hangs on.

    Parameters
    ----------
    images : ndarray of shape (n, h, w)
        The digits as the net sees them.
    maps : ndarray of shape (n, h, w)
        How much each pixel matters.
    targets : ndarray of shape (n,)
        The labels whose scores were looked at.

    Attributes
    ----------
    figure_ : matplotlib Figure
        What was drawn on.
    axes_ : ndarray of matplotlib Axes, of shape (2, n)
        The digits above, their maps below.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from sklearn_lenet import LeNet5Classifier, SaliencyDisplay
    >>> X, y = load_digits(return_X_y=True)
    >>> clf = LeNet5Classifier(max_epochs=2, random_state=0).fit(X[:500], y[:500])
    >>> SaliencyDisplay.from_estimator(clf, X[:3], method="occlusion").maps.shape
    (3, 32, 32)
    """

    def __init__(self, images: NDArray[Any], maps: NDArray[Any], targets: NDArray[Any]) -> None:
        self.images, self.maps, self.targets = images, maps, targets

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: ArrayLike,
        *,
        targets: ArrayLike | None = None,
        method: str = "gradient",
        ax: Any = None,
    ) -> Self:
        """Draw what matters in some digits.

        Parameters
        ----------
        estimator : classifier of this package, or pipeline that ends in one
            Fitted.
        X : array-like
            A few digits, as ``predict`` takes them.
        targets : array-like of shape (n,), default=None
            Labels whose scores to look at; None looks at those that are predicted.
        method : {"gradient", "occlusion"}, default="gradient"
            How fast the score changes with each pixel; or how far it falls, on average, while
            5x5 pixels around it are covered with paper.
        ax : matplotlib Axes or array of them, default=None
            Where to draw; None makes a figure.

        Returns
        -------
        display : SaliencyDisplay
            The drawn display.
        """
        if method not in METHODS:
            raise ValueError(f"method={method!r} is not known: {' or '.join(METHODS)}.")
        classifier = fitted(estimator)
        batch = prepared(estimator, X)
        images = as_images(classifier, batch).float().cpu().numpy()
        if targets is None:
            codes = outputs_of(classifier, batch, ["output"])["output"].argmax(axis=1)
        else:
            wanted = np.asarray(targets)
            codes = np.searchsorted(classifier.classes_, wanted)
            codes = np.minimum(codes, len(classifier.classes_) - 1)
            if wanted.shape != (len(images),) or (classifier.classes_[codes] != wanted).any():
                raise ValueError(
                    f"targets={wanted.tolist()} came, but one label a digit is needed, out of "
                    f"{classifier.classes_.tolist()}."
                )
        maps = saliency(classifier, batch, method=method, targets=codes)
        return cls(images, maps, classifier.classes_[codes]).plot(ax=ax)

    def plot(self, *, ax: Any = None) -> Self:
        """Draw the digits, and below them what matters in each; brighter is more.

        Parameters
        ----------
        ax : matplotlib Axes or array of them, default=None
            Where to draw; None makes a figure.

        Returns
        -------
        self : SaliencyDisplay
            The display.
        """
        n = len(self.images)
        self.figure_, self.axes_ = panels("SaliencyDisplay", ax, (2, n), (1.6 * n + 0.3, 3.6))
        for column in range(n):
            above, below = self.axes_[:, column]
            show(above, self.images[column], cmap="gray")
            above.set_title(f"for {self.targets[column]}", fontsize=10)
            most = float(np.abs(self.maps[column]).max()) or 1.0
            if (self.maps < 0).any():
                show(below, self.maps[column], cmap=SIGNED, vmin=-most, vmax=most)
            else:
                show(below, self.maps[column], cmap="inferno", vmin=0, vmax=most)
        return self
