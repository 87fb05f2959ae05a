"""FiltersDisplay: the filters that a net has learned."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from torch import nn

from ._layers import fitted, stage_name, stages_of
from ._panels import SIGNED, mosaic, panels, show
from ._saliency import as_images

MOST_UNITS = 64
"""Of a dense layer no more filters than this are drawn."""


class FiltersDisplay:
    """The filters that a net has learned: what each map looks for.

    Parameters
    ----------
    filters : dict of str to ndarray of shape (n_maps, n_inputs, h, w)
        By layer.

    Attributes
    ----------
    figure_ : matplotlib Figure
        What was drawn on.
    axes_ : ndarray of matplotlib Axes
        One for each layer.

    See Also
    --------
    FeatureMapsDisplay : What the filters make of a digit.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from sklearn_lenet import FiltersDisplay, LeNet5Classifier
    >>> X, y = load_digits(return_X_y=True)
    >>> clf = LeNet5Classifier(max_epochs=2, random_state=0).fit(X[:500], y[:500])
    >>> display = FiltersDisplay.from_estimator(clf, layers=["C1", "C3"])
    >>> [filters.shape for filters in display.filters.values()]
    [(6, 1, 5, 5), (16, 6, 5, 5)]
    """

    def __init__(self, filters: dict[str, NDArray[Any]]) -> None:
        self.filters = filters

    @classmethod
    def from_estimator(
        cls, estimator: Any, *, layers: list[str] | str | None = None, ax: Any = None
    ) -> Self:
        """Draw the filters of a fitted net.

        Parameters
        ----------
        estimator : classifier of this package, or pipeline that ends in one
            Fitted.
        layers : str or list of str, default=None
            Names of convolutions, or a dense net's first layer. None draws C1 and C3, or that
            layer; C5, whose 120 maps look at 16 others, is drawn where it is asked for.
        ax : matplotlib Axes or array of them, default=None
            Where to draw; None makes a figure.

        Returns
        -------
        display : FiltersDisplay
            The drawn display.
        """
        classifier = fitted(estimator)
        stages = stages_of(classifier.module_)
        drawable = [name for name, (layer, *_) in stages.items() if isinstance(layer, nn.Conv2d)]
        default = [name for name in drawable if name != "C5"] or [next(iter(stages))]
        drawable = drawable or default
        asked = default if layers is None else [layers] if isinstance(layers, str) else layers
        filters = {}
        for layer in asked:
            name = stage_name(classifier.module_, layer)
            if name not in drawable:
                raise ValueError(f"layer={layer!r} has no filters: {', '.join(drawable)} have.")
            weighted: Any = stages[name][0]
            weights = weighted.weight.detach().float().cpu()
            if weights.ndim == 2:
                weights = as_images(classifier, weights[:MOST_UNITS])[:, None]
            filters[name] = weights.numpy()
        return cls(filters).plot(ax=ax)

    def plot(self, *, ax: Any = None) -> Self:
        """Draw the filters, a row for each map that they look at.

        Parameters
        ----------
        ax : matplotlib Axes or array of them, default=None
            Where to draw; None makes a figure.

        Returns
        -------
        self : FiltersDisplay
            The display.
        """
        shapes = [_arranged(filters) for filters in self.filters.values()]
        heights = [0.55 + 7 * shape.shape[0] / shape.shape[1] for shape in shapes]
        size = (8.0, max(1.8, sum(heights)))
        self.figure_, axes = panels("FiltersDisplay", ax, (len(shapes), 1), size)
        self.axes_ = axes[:, 0]
        for axes, (name, filters), image in zip(
            self.axes_, self.filters.items(), shapes, strict=True
        ):
            most = float(np.nanmax(np.abs(image))) or 1.0
            drawn = show(axes, image, cmap=SIGNED, vmin=-most, vmax=most)
            n, inputs, height, width = filters.shape
            rows = "" if inputs == 1 else f", a row for each of {inputs} maps"
            axes.set_title(f"{name}: {n} filters of {height}x{width}{rows}", fontsize=10)
            self.figure_.colorbar(drawn, ax=axes, fraction=0.03, pad=0.01)
        return self


def _arranged(filters: NDArray[Any]) -> NDArray[np.float64]:
    """Return filters side by side: maps across and inputs down; of one input, up to 16 a row."""
    n, inputs = filters.shape[:2]
    if inputs == 1:
        return mosaic(filters[:, 0], min(n, 16))
    return mosaic(filters.swapaxes(0, 1).reshape(n * inputs, *filters.shape[2:]), n)
