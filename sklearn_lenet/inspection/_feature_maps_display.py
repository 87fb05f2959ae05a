"""FeatureMapsDisplay: the output of each layer for given digits."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from ._layers import INPUT_LAYER, fitted_classifier, layers_of, outputs_by_layer
from ._panels import MAPS_CMAP, mosaic, panels, show
from ._saliency import as_images

MAP_COLUMNS = {1: 1, 6: 2, 16: 4}
"""The columns in which 1, 6 or 16 feature maps are drawn; other numbers are drawn as a square."""

UNIT_COLUMNS = {120: 10, 84: 7}
"""The columns in which 120 or 84 units are drawn. LeCun et al. (1998) show F6 as 12x7 bitmaps."""

MOST_STACKED_UNITS = 12
"""The largest number of units that are drawn one below the other, as the scores of ten classes."""


class FeatureMapsDisplay:
    """The output of each layer of a net for given digits, from the input to the scores.

    Parameters
    ----------
    maps : dict of str to ndarray of shape (n_digits, ...)
        The output of each layer by its name, ``"input"`` first.
    classes : ndarray of shape (n_classes,)
        The labels of the scores.

    Attributes
    ----------
    figure_ : matplotlib Figure
        The figure that contains the axes.
    axes_ : ndarray of matplotlib Axes, of shape (n_digits, n_layers)
        One row for each digit.

    See Also
    --------
    activations : Returns these values without drawing them.

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
        """Draw the outputs of the layers of a fitted net for some digits.

        Parameters
        ----------
        estimator : classifier of this package, or pipeline that ends in one
            It has to be fitted.
        X : array-like
            A few digits, in any form that ``predict`` takes.
        layers : str or list of str, default=None
            The layers to draw; None draws all.
        ax : matplotlib Axes or array of them, default=None
            Where to draw; None makes a figure.

        Returns
        -------
        display : FeatureMapsDisplay
            The drawn display.
        """
        classifier = fitted_classifier(estimator)
        if layers is None:
            layers = [INPUT_LAYER, *layers_of(classifier.module_)]
        elif isinstance(layers, str):
            layers = [layers]
        maps = outputs_by_layer(estimator, X, layers)
        if INPUT_LAYER in maps:
            pixels = torch.from_numpy(maps[INPUT_LAYER])
            maps[INPUT_LAYER] = as_images(classifier, pixels).numpy()[:, None]
        return cls(maps, classifier.classes_).plot(ax=ax)

    def plot(self, *, ax: Any = None) -> Self:
        """Draw a row of layers for each digit; bright means a high value.

        Parameters
        ----------
        ax : matplotlib Axes or array of them, default=None
            Where to draw; None makes a figure.

        Returns
        -------
        self : FeatureMapsDisplay
            The display.
        """
        n_digits, n_layers = len(next(iter(self.maps.values()))), len(self.maps)
        size = (1.75 * n_layers + 0.3, 1.9 * n_digits + 0.5)
        self.figure_, self.axes_ = panels("FeatureMapsDisplay", ax, (n_digits, n_layers), size)
        for column, (name, values) in enumerate(self.maps.items()):
            lowest, highest = float(values.min()), float(values.max())
            for row, value in enumerate(values):
                axes = self.axes_[row, column]
                cmap = "gray" if name == INPUT_LAYER else MAPS_CMAP
                image = _arranged(value)
                show(axes, image, cmap=cmap, vmin=lowest, vmax=highest, aspect=_aspect(value))
                if row == 0:
                    axes.set_title(_caption(name, value), fontsize=9)
                if name == "output":
                    predicted = self.classes[int(value.argmax())]
                    axes.set_yticks(range(len(self.classes)), [str(c) for c in self.classes])
                    axes.tick_params(labelsize=8, length=0)
                    axes.set_xlabel(f"predicted: {predicted}", fontsize=9)
        return self


def _arranged(value: NDArray[Any]) -> NDArray[np.float64]:
    """Return the maps of one digit as a mosaic, or its units as a grid of cells."""
    square = int(np.ceil(len(value) ** 0.5))
    if value.ndim == 3:
        return mosaic(value, MAP_COLUMNS.get(len(value), square))
    if len(value) <= MOST_STACKED_UNITS:
        return value[:, None].astype(np.float64)
    return _grid_of_units(value, UNIT_COLUMNS.get(len(value), square))


def _grid_of_units(value: NDArray[Any], columns: int) -> NDArray[np.float64]:
    """Return units row by row, with NaN after the last one."""
    rows = -(-len(value) // columns)
    cells = np.full(rows * columns, np.nan)
    cells[: len(value)] = value
    return cells.reshape(rows, columns)


def _aspect(value: NDArray[Any]) -> float | str:
    return 0.35 if value.ndim == 1 and len(value) <= MOST_STACKED_UNITS else "equal"


def _caption(name: str, value: NDArray[Any]) -> str:
    if name == INPUT_LAYER:
        return f"input\n{value.shape[-1]}x{value.shape[-2]}"
    if value.ndim == 3:
        return f"{name}\n{value.shape[0]} of {value.shape[2]}x{value.shape[1]}"
    return f"{name}\n{len(value)} scores" if name == "output" else f"{name}\n{len(value)} units"
