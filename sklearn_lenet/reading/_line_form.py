"""From a picture of a line of text to a strip of ink: 32 pixels high, digits about 20 of them."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..images import (
    MIN_CONTRAST,
    MIN_SIDE,
    Ink,
    Mask,
    ink_of,
    opened,
    otsu_threshold,
    without_specks,
)
from ..nets import STRIP_HEIGHT
from ._ruled_lines import without_lines

TEXT_HEIGHT = 20
"""Digits are brought to this height; MNIST's have it too."""

MARGIN = 8
"""Pixels of background on both sides of a strip."""

TAILS = 0.03
"""This share of the ink may be above the band of the text, and this share below it."""

WIDEST = 4096
"""A strip has at most this many columns of ink; wider lines are made smaller."""

NARROWEST = 8
"""A strip has at least this many columns of ink."""

DARKEST = 1.5
"""Ink is at most this many times darker than the pen in the mean."""


class LineForm(NamedTuple):
    """A strip of ink, and where it comes from."""

    strip: NDArray[np.uint8]
    """The ink from 0 to 255, of shape (32, width)."""
    scale: float
    """Pixels of the strip for one pixel of the picture."""
    left: float
    """The column of the picture that is column 0 of the strip."""
    top: float
    """The row of the picture that is row 0 of the strip."""


class LineInk(NamedTuple):
    """The ink of a picture of a line, and the band in which the text is."""

    ink: Ink
    mask: Mask
    top: float
    bottom: float
    factor: int
    """The factor by which the picture was shrunk when it was opened."""

    @property
    def is_blank(self) -> bool:
        """Whether there is no ink."""
        return self.bottom <= self.top


def line_ink(source: Any, name: str) -> LineInk:
    """Return the ink of a picture of a line, and the top and bottom of its text."""
    picture, factor = opened(source, name)
    ink = ink_of(picture)
    blank = LineInk(ink, np.zeros(ink.shape, dtype=bool), 0.0, 0.0, factor)
    if min(ink.shape) < MIN_SIDE or ink.max() < MIN_CONTRAST:
        return blank
    mask = ink > otsu_threshold(ink)
    if not mask.any() or mask.all():
        return blank
    if float(ink[mask].mean() - ink[~mask].mean()) < MIN_CONTRAST:
        return blank
    bare = without_specks(without_lines(mask))
    if not bare.any():
        return blank
    dark = bare & (ink > otsu_threshold(ink[bare]))  # the pen is darker than the pattern
    return LineInk(ink, bare, *text_band(dark if dark.any() else bare), factor)


def text_band(mask: Mask) -> tuple[float, float]:
    """Return the rows between which nearly all ink of a line is.

    >>> mask = np.zeros((50, 90), dtype=bool)
    >>> mask[10:30, 5:80:10] = True
    >>> mask[30:36, 84] = True  # a comma
    >>> [round(row) for row in text_band(mask)]
    [10, 32]
    """
    counts = mask.sum(axis=1)
    shares = np.concatenate([[0.0], np.cumsum(counts) / counts.sum()])
    rows = np.arange(len(shares))
    top, bottom = np.interp([TAILS, 1 - TAILS], shares, rows)
    middle, half = (top + bottom) / 2, (bottom - top) / 2 / (1 - 2 * TAILS)
    return float(middle - half), float(middle + half)


def line_form(line: LineInk, size: float = 1.0, slant: float = 0.0) -> LineForm:
    """Return the strip of a line: its text ``size`` times as high as usual, and slanted.

    ``slant`` is in pixels to the right for each pixel upwards.
    """
    height, width = line.ink.shape
    if line.is_blank:
        return LineForm(np.zeros((STRIP_HEIGHT, NARROWEST + 2 * MARGIN), dtype=np.uint8), 1.0, 0, 0)
    scale = size * TEXT_HEIGHT / max(line.bottom - line.top, 1.0)
    scale = min(scale, WIDEST / width, STRIP_HEIGHT)
    columns = max(NARROWEST, round(scale * width))
    half = STRIP_HEIGHT / 2 / scale
    middle = (line.top + line.bottom) / 2
    top, bottom = middle - half, middle + half
    above, below = max(0, int(np.ceil(-top))), max(0, int(np.ceil(bottom - height)))
    ink = np.pad(line.ink, ((above, below), (0, 0)))
    resized = Image.fromarray(ink).resize(
        (columns, STRIP_HEIGHT),
        Image.Resampling.BILINEAR,
        box=(0, max(0.0, top + above), width, min(bottom + above, len(ink))),
    )
    pen = max(float(line.ink[line.mask].mean()), MIN_CONTRAST)
    even = np.clip(np.asarray(resized) / np.float32(pen), 0, DARKEST)
    strip = np.zeros((STRIP_HEIGHT, columns + 2 * MARGIN), dtype=np.uint8)
    strip[:, MARGIN:-MARGIN] = np.rint(even * np.float32(255 / DARKEST))
    reach = math.ceil(abs(slant) * STRIP_HEIGHT / 2)
    if reach:
        strip = _slanted(strip, slant, reach)
    return LineForm(strip, columns / width, -(MARGIN + reach) * width / columns, top)


def _slanted(strip: NDArray[np.uint8], slant: float, reach: int) -> NDArray[np.uint8]:
    """Return a strip slanted about its middle row, wider by ``reach`` columns on both sides."""
    columns = strip.shape[1] + 2 * reach
    start = -reach - slant * STRIP_HEIGHT / 2  # the source of the first column in the top row
    image = Image.fromarray(strip).transform(
        (columns, STRIP_HEIGHT),
        Image.Transform.AFFINE,
        (1, slant, start, 0, 1, 0),
        Image.Resampling.BILINEAR,
    )
    return np.array(image)
