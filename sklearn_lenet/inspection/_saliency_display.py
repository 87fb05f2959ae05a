"""SaliencyDisplay: the pixels that matter for a score, drawn below the digits."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._layers import fitted_classifier, outputs_of_batch, standardised_batch
from ._panels import SIGNED_CMAP, panels, show
from ._saliency import METHODS, as_images, saliency


class SaliencyDisplay:
    """The pixels that matter for the score of a class.

    Parameters
    ----------
    images : ndarray of shape (n, h, w)
        The digits as they enter the net.
    maps : ndarray of shape (n, h, w)
        How much each pixel matters.
    targets : ndarray of shape (n,)
        The labels of the scores.

    Attributes
    ----------
    figure_ : matplotlib Figure
        The figure that contains the axes.
    axes_ : ndarray of matplotlib Axes, of shape (2, n)
        The digits in the first row, their maps in the second.

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
        """Draw which pixels of some digits matter.

        Parameters
        ----------
        estimator : classifier of this package, or pipeline that ends in one
            It has to be fitted.
        X : array-like
            A few digits, in any form that ``predict`` takes.
        targets : array-like of shape (n,), default=None
            The label of the score to explain, for each digit. None takes the predicted labels.
        method : {"gradient", "occlusion"}, default="gradient"
            "gradient" is the absolute gradient of the score with respect to each pixel.
            "occlusion" is the mean decrease of the score while a square of 5x5 pixels of
            background covers the pixel.
        ax : matplotlib Axes or array of them, default=None
            Where to draw; None makes a figure.

        Returns
        -------
        display : SaliencyDisplay
            The drawn display.
        """
        if method not in METHODS:
            raise ValueError(f"method={method!r} is unknown; use one of {', '.join(METHODS)}.")
        classifier = fitted_classifier(estimator)
        batch = standardised_batch(estimator, X)
        images = as_images(classifier, batch).float().cpu().numpy()
        if targets is None:
            codes = outputs_of_batch(classifier, batch, ["output"])["output"].argmax(axis=1)
        else:
            codes = _codes_of(np.asarray(targets), classifier.classes_, len(images))
        maps = saliency(classifier, batch, method=method, targets=codes)
        return cls(images, maps, classifier.classes_[codes]).plot(ax=ax)

    def plot(self, *, ax: Any = None) -> Self:
        """Draw the digits, and below each one how much its pixels matter.

        Without negative values bright means much. With negative values red pixels raise the
        score and blue ones lower it.

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
            digit, importance = self.axes_[:, column]
            show(digit, self.images[column], cmap="gray")
            digit.set_title(f"for {self.targets[column]}", fontsize=10)
            limit = float(np.abs(self.maps[column]).max()) or 1.0
            if (self.maps < 0).any():
                show(importance, self.maps[column], cmap=SIGNED_CMAP, vmin=-limit, vmax=limit)
            else:
                show(importance, self.maps[column], cmap="inferno", vmin=0, vmax=limit)
        return self


def _codes_of(targets: NDArray[Any], classes: NDArray[Any], n_digits: int) -> NDArray[np.int64]:
    """Return the index of each target in ``classes``; raise if there is none."""
    codes: NDArray[np.int64] = np.searchsorted(classes, targets)
    codes = np.minimum(codes, len(classes) - 1)
    if targets.shape != (n_digits,) or (classes[codes] != targets).any():
        raise ValueError(
            f"targets={targets.tolist()} does not fit; pass one label for each digit, out of "
            f"{classes.tolist()}."
        )
    return codes
