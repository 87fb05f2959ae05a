"""FeatureMapsDisplay: the output of each layer for given digits."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from ._layers import INPUT, fitted, outputs, stages_of
from ._panels import MAPS, mosaic, panels, show
from ._saliency import as_images

UNIT_COLUMNS = {120: 10, 84: 7}
"""C5's units are drawn 12x10, and F6's 12x7, the bitmaps that its codes were in 1998."""


class FeatureMapsDisplay:
    """What each stage of a net makes of given digits, from the input to the output.

    Parameters
    ----------
    maps : dict of str to ndarray of shape (n_digits, ...)
        What each stage puts out, ``"input"`` first.
    classes : ndarray of shape (n_classes,)
        The labels of the outputs.

    Attributes
    ----------
    figure_ : matplotlib Figure
        What was drawn on.
    axes_ : ndarray of matplotlib Axes, of shape (n_digits, n_stages)
        A row for each digit.

    See Also
    --------
    activations : The numbers alone.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from sklearn_lenet import FeatureMapsDisplay, LeNet5Classifier
    >>> X, y = load_digits(return_X_y=True)
    >>> clf = LeNet5Classifier(max_epochs=2, random_state=0).fit(X[:500], y[:500])
    >>> display = FeatureMapsDisplay.from_estimator(clf, X[:2])
    >>> display.axes_.shape, list(display.maps)
    ((2, 8), ['input', 'C1', 'S2', 'C3', 'S4', 'C5', 'F6', 'output'])
    """

    def __init__(self, maps: dict[str, NDArray[Any]], classes: NDArray[Any]) -> None:
        self.maps, self.classes = maps, classes

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: ArrayLike,
        *,
        layers: list[str] | str | None = None,
        ax: Any = None,
    ) -> Self:
        """Draw what a fitted net makes of some digits.

        Parameters
        ----------
        estimator : classifier of this package, or pipeline that ends in one
            Fitted.
        X : array-like
            A few digits, as ``predict`` takes them.
        layers : str or list of str, default=None
            The stages to draw; None draws all.
        ax : matplotlib Axes or array of them, default=None
            Where to draw; None makes a figure.

        Returns
        -------
        display : FeatureMapsDisplay
            The drawn display.
        """
        classifier = fitted(estimator)
        every = [INPUT, *stages_of(classifier.module_)]
        asked = every if layers is None else [layers] if isinstance(layers, str) else layers
        maps = outputs(estimator, X, asked)
        if INPUT in maps:
            seen = torch.from_numpy(maps[INPUT])
            maps[INPUT] = as_images(classifier, seen).numpy()[:, None]
        return cls(maps, classifier.classes_).plot(ax=ax)

    def plot(self, *, ax: Any = None) -> Self:
        """Draw a row of stages for each digit; brighter is more.

        Parameters
        ----------
        ax : matplotlib Axes or array of them, default=None
            Where to draw; None makes a figure.

        Returns
        -------
        self : FeatureMapsDisplay
            The display.
        """
        n, stages = len(next(iter(self.maps.values()))), len(self.maps)
        size = (1.75 * stages + 0.3, 1.9 * n + 0.5)
        self.figure_, self.axes_ = panels("FeatureMapsDisplay", ax, (n, stages), size)
        for column, (name, values) in enumerate(self.maps.items()):
            lowest, highest = float(values.min()), float(values.max())
            for row, value in enumerate(values):
                axes = self.axes_[row, column]
                cmap = "gray" if name == INPUT else MAPS
                image = _as_picture(value)
                show(axes, image, cmap=cmap, vmin=lowest, vmax=highest, aspect=_aspect(value))
                if row == 0:
                    axes.set_title(_caption(name, value), fontsize=9)
                if name == "output":
                    best = self.classes[int(value.argmax())]
                    axes.set_yticks(range(len(self.classes)), [str(c) for c in self.classes])
                    axes.tick_params(labelsize=8, length=0)
                    axes.set_xlabel(f"read as {best}", fontsize=9)
        return self


def _as_picture(value: NDArray[Any]) -> NDArray[np.float64]:
    """Return one digit's maps as tiles, or its units as a field of cells."""
    if value.ndim == 3:
        return mosaic(value, {1: 1, 6: 2, 16: 4}.get(len(value), int(np.ceil(len(value) ** 0.5))))
    if len(value) <= 12:
        return value[:, None].astype(np.float64)
    columns = UNIT_COLUMNS.get(len(value), int(np.ceil(len(value) ** 0.5)))
    return mosaic_of_units(value, columns)


def mosaic_of_units(value: NDArray[Any], columns: int) -> NDArray[np.float64]:
    """Return units row by row, NaN after the last."""
    rows = -(-len(value) // columns)
    cells = np.full(rows * columns, np.nan)
    cells[: len(value)] = value
    return cells.reshape(rows, columns)


def _aspect(value: NDArray[Any]) -> float | str:
    return 0.35 if value.ndim == 1 and len(value) <= 12 else "equal"


def _caption(name: str, value: NDArray[Any]) -> str:
    if name == INPUT:
        return f"input\n{value.shape[-1]}x{value.shape[-2]}"
    if value.ndim == 3:
        return f"{name}\n{value.shape[0]} of {value.shape[2]}x{value.shape[1]}"
    return f"{name}\n{len(value)} scores" if name == "output" else f"{name}\n{len(value)} units"
