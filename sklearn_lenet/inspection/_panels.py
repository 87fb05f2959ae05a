"""What the displays share: matplotlib on first use, axes to draw on, mosaics of small images."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..utils import extra_module

BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#666666"
"""Colours by Okabe and Ito that colour-blind readers can tell apart, also in print."""

MAPS_CMAP = "viridis"
"""The colour map of feature maps."""

SIGNED_CMAP = "RdBu_r"
"""The colour map of values around zero: negative ones blue, positive ones red."""

GAP = 1
"""The number of empty pixels between two tiles of a mosaic."""


def panels(
    display_name: str,
    ax: Any,
    shape: tuple[int, int],
    size: tuple[float, float],
    heights: Sequence[float] | None = None,
) -> Any:
    """Return the figure and an array of axes of a display.

    ``ax=None`` makes a new figure of the given size. One axes is divided into ``shape``. An
    array of axes is used as it is.
    """
    plt = extra_module("matplotlib.pyplot", display_name, "plots")
    if ax is None:
        figure = plt.figure(figsize=size, layout="constrained")
        return figure, figure.subplots(*shape, squeeze=False, height_ratios=heights)
    if not hasattr(ax, "get_subplotspec"):
        axes = np.asarray(ax, dtype=object)
        needed = math.prod(shape)
        if axes.size != needed:
            raise ValueError(
                f"ax contains {axes.size} axes; {display_name} needs {needed}, or a single axes "
                "that it divides."
            )
        return axes.flat[0].figure, axes.reshape(shape)
    if math.prod(shape) == 1:
        return ax.figure, np.array([[ax]], dtype=object)
    ax.set_axis_off()
    place = ax.get_subplotspec()
    if place is None:
        box = ax.get_position()
        edges = {"left": box.x0, "right": box.x1, "bottom": box.y0, "top": box.y1}
        grid = ax.figure.add_gridspec(*shape, height_ratios=heights, **edges)
    else:
        grid = place.subgridspec(*shape, height_ratios=heights)
    return ax.figure, np.array(
        [[ax.figure.add_subplot(grid[i, j]) for j in range(shape[1])] for i in range(shape[0])],
        dtype=object,
    )


def mosaic(tiles: NDArray[Any], columns: int) -> NDArray[np.float64]:
    """Return tiles of one size side by side, with NaN between them.

    >>> mosaic(np.ones((3, 1, 2)), columns=2)
    array([[ 1.,  1., nan,  1.,  1.],
           [nan, nan, nan, nan, nan],
           [ 1.,  1., nan, nan, nan]])
    """
    n, height, width = tiles.shape
    rows = math.ceil(n / columns)
    image = np.full((rows * (height + GAP) - GAP, columns * (width + GAP) - GAP), np.nan)
    for index, tile in enumerate(tiles):
        top = (index // columns) * (height + GAP)
        left = (index % columns) * (width + GAP)
        image[top : top + height, left : left + width] = tile
    return image


def show(axes: Any, image: NDArray[Any], **options: Any) -> Any:
    """Draw an image without ticks, frame or interpolation."""
    axes.set(xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set_visible(False)
    return axes.imshow(image, interpolation="nearest", **options)
