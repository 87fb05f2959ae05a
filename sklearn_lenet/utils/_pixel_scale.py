"""One shift and one scale for all pixels: learned from the rows, pure NumPy, no state."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ._geometry import Pixels

CHUNK = 4096
"""Rows taken at once, so that float64 sums over uint8 pixels need little memory."""


class PixelScale(NamedTuple):
    """What the training pixels looked like, weighted where the rows were."""

    mean: float
    deviation: float
    lowest: float
    highest: float
    contrast: float
    """What all rows but the flattest hundredth span, from their lowest to their highest."""


def learn_scale(rows: Pixels, weights: NDArray[np.float64] | None = None) -> PixelScale:
    """Return the mean, standard deviation (1 where all are equal) and range of all pixels.

    Sums run in float64 over any type, so that the same values stored as uint8,
    int64 or float32 give the same scale to the last bit.

    >>> learn_scale(np.array([[0, 0], [0, 4]]))
    PixelScale(mean=1.0, deviation=1.7320508075688772, lowest=0.0, highest=4.0, contrast=0.0)
    """
    weights = np.ones(len(rows)) if weights is None else weights
    total = weights.sum() * rows.shape[1]
    mean = sum(float(w @ chunk.sum(axis=1)) for chunk, w in _chunks(rows, weights)) / total
    squares = 0.0
    for chunk, w in _chunks(rows, weights):
        chunk -= mean
        squares += float(w @ np.einsum("ij,ij->i", chunk, chunk))
    deviation = np.sqrt(squares / total)
    # Equal pixels differ from their mean by rounding alone: that is no deviation.
    if deviation <= 8 * np.finfo(np.float64).eps * abs(mean):
        deviation = 1.0
    lowest, highest = rows.min(axis=1), rows.max(axis=1)
    spans = highest.astype(np.float64) - lowest
    contrast = np.quantile(spans, 0.01, method="inverted_cdf")
    return PixelScale(
        float(mean), float(deviation), float(lowest.min()), float(highest.max()), float(contrast)
    )


def _chunks(
    rows: Pixels, weights: NDArray[np.float64]
) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    for start in range(0, len(rows), CHUNK):
        part = slice(start, start + CHUNK)
        yield rows[part].astype(np.float64), weights[part]


def warn_of_other_range(rows: Pixels, scale: PixelScale, name: str) -> None:
    """Warn where the pixels' range is clearly not the one that was learned.

    Clearly means: a value outside by more than half the learned range, or all
    values together within half of what nearly every single training row spans.
    A blank image is no evidence.
    """
    lowest, highest = float(rows.min()) + 0.0, float(rows.max()) + 0.0  # + 0.0: no "-0"
    outside = max(scale.lowest - lowest, highest - scale.highest)
    too_wide = outside > (scale.highest - scale.lowest) / 2 > 0
    too_narrow = 0 < highest - lowest < scale.contrast / 2
    if too_wide or too_narrow:
        warnings.warn(
            f"X ranges over {lowest:g} to {highest:g}, but {name} was fitted on "
            f"{scale.lowest:g} to {scale.highest:g}: scale the pixels as they were in fit.",
            UserWarning,
            stacklevel=4,
        )
