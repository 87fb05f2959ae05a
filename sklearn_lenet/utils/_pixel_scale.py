"""PixelScale: one mean and one deviation for all pixels, learned from the training rows."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
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


class PixelSummary(NamedTuple):
    """What the scale is computed from: the same for rows in one place or in several places."""

    weight: float
    """The number of pixels, each with the weight of its row."""
    mean: float
    squares: float
    """The weighted sum of the squared distances from the mean."""
    lowest: float
    highest: float
    spans: NDArray[np.float64]
    """The ranges of the rows: the different values, sorted."""
    span_counts: NDArray[np.int64]


def learn_scale(rows: Pixels, weights: NDArray[np.float64] | None = None) -> PixelScale:
    """Return the scale of the pixels in all rows.

    Sums are computed in float64, so that the same values stored as uint8, int64 or float32 have
    the same scale to the last bit.

    >>> learn_scale(np.array([[0, 0], [0, 4]]))
    PixelScale(mean=1.0, deviation=1.7320508075688772, lowest=0.0, highest=4.0, contrast=0.0)
    """
    return scale_of(summarise(rows, weights))


def summarise(rows: Pixels, weights: NDArray[np.float64] | None = None) -> PixelSummary:
    """Return the summary of the pixels in all rows."""
    weights = np.ones(len(rows)) if weights is None else weights
    total = weights.sum() * rows.shape[1]
    mean = sum(float(w @ chunk.sum(axis=1)) for chunk, w in _chunks(rows, weights)) / total
    squares = 0.0
    for chunk, w in _chunks(rows, weights):
        chunk -= mean
        squares += float(w @ np.einsum("ij,ij->i", chunk, chunk))
    lowest, highest = rows.min(axis=1), rows.max(axis=1)
    spans, counts = np.unique(highest.astype(np.float64) - lowest, return_counts=True)
    return PixelSummary(
        total, mean, squares, float(lowest.min()), float(highest.max()), spans, counts
    )


def merged(summaries: Sequence[PixelSummary]) -> PixelSummary:
    """Return the summary of the rows of all summaries.

    >>> both = np.array([[0, 0], [0, 4]])
    >>> scale_of(merged([summarise(both[:1]), summarise(both[1:])])) == learn_scale(both)
    True
    """
    total = sum(one.weight for one in summaries)
    mean = sum(one.weight * one.mean for one in summaries) / total
    squares = sum(one.squares + one.weight * (one.mean - mean) ** 2 for one in summaries)
    spans, places = np.unique(np.concatenate([one.spans for one in summaries]), return_inverse=True)
    counts = np.zeros(len(spans), dtype=np.int64)
    np.add.at(counts, places, np.concatenate([one.span_counts for one in summaries]))
    lowest = min(one.lowest for one in summaries)
    highest = max(one.highest for one in summaries)
    return PixelSummary(total, mean, squares, lowest, highest, spans, counts)


def scale_of(summary: PixelSummary) -> PixelScale:
    """Return the scale of the rows of a summary."""
    mean, deviation = summary.mean, np.sqrt(summary.squares / summary.weight)
    # Equal pixels may differ from their mean by rounding errors. float32 has no smaller divisor.
    if deviation <= max(8 * np.finfo(np.float64).eps * abs(mean), SMALLEST_DEVIATION):
        deviation = 1.0
    spans = np.repeat(summary.spans, summary.span_counts)
    contrast = np.quantile(spans, 0.01, method="inverted_cdf")
    return PixelScale(
        float(mean), float(deviation), summary.lowest, summary.highest, float(contrast)
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
            stacklevel=5,
        )
