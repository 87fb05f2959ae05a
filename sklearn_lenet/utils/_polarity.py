"""Polarity: whether the ink of an image is lighter or darker than its background."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

from ._geometry import Pixels, Shape, corners_of

SMALLEST_IMAGE = 8
"""Rows with fewer pixels than a square of this side are seldom images."""

NEAR = 0.25
"""A pixel is near an end of the range of pixels if it is within this share of it."""


def are_images(shape: tuple[int, int], n_pixels: int) -> bool:
    """Return whether rows of this shape are large enough to be images.

    A flat row may have fewer pixels than the square on which it is laid.

    >>> are_images((8, 8), 64), are_images((8, 8), 50), are_images((28, 7), 196)
    (True, False, False)
    """
    return min(shape) >= SMALLEST_IMAGE and n_pixels >= SMALLEST_IMAGE**2


def other_end(
    shape: Shape, n_pixels: int, background: float, lowest: float, highest: float
) -> float | None:
    """Return the end of the range of pixels that is ink; None if rows have no clear background."""
    span = highest - lowest
    if not are_images(shape, n_pixels) or span == 0:
        return None
    if abs(background - lowest) <= NEAR * span:
        return highest
    return lowest if abs(background - highest) <= NEAR * span else None


def inverted_rows(rows: Pixels, shape: Shape, ink: float, span: float) -> NDArray[np.bool_]:
    """Return for each row whether most of its corners are ink.

    >>> inverted_rows(np.full((1, 64), 250), Shape(8, 8), ink=255, span=255).tolist()
    [True]
    """
    corners = rows[:, corners_of(shape, rows.shape[1])].astype(np.float64)
    near = np.abs(corners - ink) <= NEAR * span
    inverted: NDArray[np.bool_] = near.sum(axis=1) > near.shape[1] / 2
    return inverted


def warn_of_inverted(
    rows: Pixels,
    shape: Shape,
    background: float,
    mean: float,
    ends: tuple[float, float],
    name: str,
) -> None:
    """Warn if most rows have the background where the training rows had their ink."""
    lowest, highest = ends
    ink = other_end(shape, rows.shape[1], background, lowest, highest)
    if ink is None:
        return
    found = float(rows.mean(dtype=np.float64))  # a sum of large float32 numbers may overflow
    if 2 * abs(found - mean) < abs(lowest + highest - 2 * mean):
        return
    if inverted_rows(rows, shape, ink, highest - lowest).mean() > 0.5:
        warnings.warn(
            f"X seems to be inverted: its background is near {ink:g}, but {name} was fitted on a "
            f"background of {background:g}: pass {lowest + highest:g} - X, or put PadNormalizer "
            "before the classifier.",
            UserWarning,
            stacklevel=5,
        )
