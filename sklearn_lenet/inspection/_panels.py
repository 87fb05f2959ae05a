"""What the displays share: matplotlib on first use, panels inside a figure or inside axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..utils import extra_module

BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#666666"
"""Colours that stay apart for the colour-blind and in print (Okabe and Ito's)."""

MAPS, SIGNED = "viridis", "RdBu_r"

GAP = 1
"""Empty pixels between the tiles of a mosaic."""


def panels(
    who: str,
    ax: Any,
    shape: tuple[int, int],
    size: tuple[float, float],
    heights: Sequence[float] | None = None,
) -> Any:
    """Return the figure and an array of axes: in a new figure, or in the place of given axes.

    ``ax`` may also be an array of as many axes as are needed.
    """
    plt = extra_module("matplotlib.pyplot", who, "plots")
    if ax is None:
        figure = plt.figure(figsize=size, layout="constrained")
        return figure, figure.subplots(*shape, squeeze=False, height_ratios=heights)
    if not hasattr(ax, "get_subplotspec"):
        axes = np.asarray(ax, dtype=object)
        needed = math.prod(shape)
        if axes.size != needed:
            raise ValueError(f"ax holds {axes.size} axes, but {who} draws {needed}.")
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
    """Return tiles of one size side by side, NaN between them.

    >>> mosaic(np.ones((3, 1, 2)), columns=2)
    array([[ 1.,  1., nan,  1.,  1.],
           [nan, nan, nan, nan, nan],
           [ 1.,  1., nan, nan, nan]])
    """
    n, height, width = tiles.shape
    rows = math.ceil(n / columns)
    whole = np.full((rows * (height + GAP) - GAP, columns * (width + GAP) - GAP), np.nan)
    for place, tile in enumerate(tiles):
        top = (place // columns) * (height + GAP)
        left = (place % columns) * (width + GAP)
        whole[top : top + height, left : left + width] = tile
    return whole


def show(axes: Any, image: NDArray[Any], **options: Any) -> Any:
    """Draw an image without ticks, its pixels as they are."""
    axes.set(xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set_visible(False)
    return axes.imshow(image, interpolation="nearest", **options)
