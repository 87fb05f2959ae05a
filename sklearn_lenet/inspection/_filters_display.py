"""FiltersDisplay: the weights of the convolutions, or of the first dense layer, as images."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from torch import nn

from ._layers import fitted_classifier, layer_name, layers_of
from ._panels import SIGNED_CMAP, mosaic, panels, show
from ._saliency import as_images

MOST_DENSE_FILTERS = 64
"""The largest number of filters that are drawn of a dense layer."""

MOST_COLUMNS = 16
"""The largest number of filters that are drawn side by side if they have one input map."""


class FiltersDisplay:
    """The filters that a net has learned.

    Parameters
    ----------
    filters : dict of str to ndarray of shape (n_maps, n_inputs, h, w)
        The filters by the name of their layer.

    Attributes
    ----------
    figure_ : matplotlib Figure
        The figure that contains the axes.
    axes_ : ndarray of matplotlib Axes
        One for each layer.

    See Also
    --------
    FeatureMapsDisplay : Draws the outputs of the filters for given digits.

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
            It has to be fitted.
        layers : str or list of str, default=None
            Names of convolutions, or the first layer of a dense net. None draws C1 and C3, or
            that first layer. C5 has 120 filters of 16 maps each and is drawn only on request.
        ax : matplotlib Axes or array of them, default=None
            Where to draw; None makes a figure.

        Returns
        -------
        display : FiltersDisplay
            The drawn display.
        """
        classifier = fitted_classifier(estimator)
        parts = layers_of(classifier.module_)
        drawable = [name for name, (part, *_) in parts.items() if isinstance(part, nn.Conv2d)]
        default = [name for name in drawable if name != "C5"] or [next(iter(parts))]
        drawable = drawable or default
        if layers is None:
            layers = default
        elif isinstance(layers, str):
            layers = [layers]
        filters = {}
        for layer in layers:
            name = layer_name(classifier.module_, layer)
            if name not in drawable:
                raise ValueError(
                    f"layer={layer!r} has no filters to draw; use one of {', '.join(drawable)}."
                )
            weighted: Any = parts[name][0]
            weights = weighted.weight.detach().float().cpu()
            if weights.ndim == 2:
                weights = as_images(classifier, weights[:MOST_DENSE_FILTERS])[:, None]
            filters[name] = weights.numpy()
        return cls(filters).plot(ax=ax)

    def plot(self, *, ax: Any = None) -> Self:
        """Draw the filters, one row for each of their input maps.

        Parameters
        ----------
        ax : matplotlib Axes or array of them, default=None
            Where to draw; None makes a figure.

        Returns
        -------
        self : FiltersDisplay
            The display.
        """
        images = [_arranged(filters) for filters in self.filters.values()]
        heights = [0.55 + 7 * image.shape[0] / image.shape[1] for image in images]
        size = (8.0, max(1.8, sum(heights)))
        self.figure_, axes = panels("FiltersDisplay", ax, (len(images), 1), size)
        self.axes_ = axes[:, 0]
        for axes, (name, filters), image in zip(
            self.axes_, self.filters.items(), images, strict=True
        ):
            limit = float(np.nanmax(np.abs(image))) or 1.0
            drawn = show(axes, image, cmap=SIGNED_CMAP, vmin=-limit, vmax=limit)
            n, inputs, height, width = filters.shape
            rows = "" if inputs == 1 else f", one row for each of {inputs} input maps"
            axes.set_title(f"{name}: {n} filters of {height}x{width}{rows}", fontsize=10)
            self.figure_.colorbar(drawn, ax=axes, fraction=0.03, pad=0.01)
        return self


def _arranged(filters: NDArray[Any]) -> NDArray[np.float64]:
    """Return a mosaic of filters: one column for each filter, one row for each input map.

    Filters with a single input map fill several rows if there are many of them.
    """
    n, inputs = filters.shape[:2]
    if inputs == 1:
        return mosaic(filters[:, 0], min(n, MOST_COLUMNS))
    return mosaic(filters.swapaxes(0, 1).reshape(n * inputs, *filters.shape[2:]), n)
