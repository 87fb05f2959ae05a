"""PixelScale: one mean and one deviation for all pixels, learned from the training rows."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ._geometry import Pixels

CHUNK = 4096
"""Rows converted to float64 at a time, so that sums over uint8 pixels need little memory."""


SMALLEST_DEVIATION = float(np.finfo(np.float32).tiny)
"""A smaller deviation counts as 0: float32 cannot divide by it."""


class PixelScale(NamedTuple):
    """The values of the training pixels, weighted by the weights of their rows.

    Parameters
    ----------
    mean : float
        The mean of all pixels.
    deviation : float
        The standard deviation of all pixels; 1 if they are equal.
    lowest : float
        The lowest pixel.
    highest : float
        The highest pixel.
    contrast : float
        The range from the lowest to the highest pixel of a row that 99 % of the rows have at
        least.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_lenet import DenseDigitClassifier
    >>> X, y = np.array([[0, 0], [0, 4]]), [0, 1]
    >>> DenseDigitClassifier(max_epochs=1).fit(X, y).pixel_scale_
    PixelScale(mean=1.0, deviation=1.7320508075688772, lowest=0.0, highest=4.0, contrast=0.0)
    """

    mean: float
    deviation: float
    lowest: float
    highest: float
    contrast: float


def learn_scale(rows: Pixels, weights: NDArray[np.float64] | None = None) -> PixelScale:
    """Return the scale of the pixels in all rows.

    Sums are computed in float64, so that the same values stored as uint8, int64 or float32 have
    the same scale to the last bit.

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
    # Equal pixels may differ from their mean by rounding errors. float32 has no smaller divisor.
    if deviation <= max(8 * np.finfo(np.float64).eps * abs(mean), SMALLEST_DEVIATION):
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
    """Warn if the range of the pixels clearly differs from that of the training pixels.

    It does if a pixel is outside the learned range by more than half of that range, or if the
    range of all pixels together is less than half of the learned contrast. Blank images do not
    count.
    """
    lowest, highest = float(rows.min()) + 0.0, float(rows.max()) + 0.0  # + 0.0: no "-0"
    outside = max(scale.lowest - lowest, highest - scale.highest)
    too_wide = outside > (scale.highest - scale.lowest) / 2 > 0
    too_narrow = 0 < highest - lowest < scale.contrast / 2
    if too_wide or too_narrow:
        warnings.warn(
            f"X has pixels from {lowest:g} to {highest:g}, but {name} was fitted on pixels from "
            f"{scale.lowest:g} to {scale.highest:g}: scale them as in fit.",
            UserWarning,
            stacklevel=4,
        )
