"""Redraws rows in MNIST's form: from a row to a fine mask, with added strokes, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from sklearn.utils import check_consistent_length, column_or_1d

from ..images import BOX, FINE, SIDE, Mask, centred, cropped, resized

Line = list[tuple[float, float]]
"""A stroke is a list of points (x, y)."""

INK_THRESHOLD = 0.4
"""A pixel with more than this share of full ink belongs to a stroke."""

STROKE_MARGIN = 1.2
"""Added strokes may reach this far out of a digit, as a share of the digit's longer side."""


def checked_rows(X: Any, y: Any) -> tuple[NDArray[np.uint8], NDArray[Any]]:
    """Return rows in MNIST's form and their labels; raise a ValueError for anything else."""
    rows, labels = np.asarray(X), column_or_1d(y)
    if rows.ndim != 2 or rows.shape[1] != SIDE * SIDE or rows.dtype != np.uint8:
        raise ValueError(
            f"X has dtype {rows.dtype} and shape {rows.shape}; pass uint8 rows of {SIDE * SIDE} "
            "pixels, as fetch_mnist returns them."
        )
    check_consistent_length(rows, labels)
    return rows, labels


def has_ink(row: NDArray[np.uint8]) -> bool:
    """Return whether a row has a pixel that belongs to a stroke."""
    return bool((row > INK_THRESHOLD * 255).any())


def enlarged(row: NDArray[np.uint8]) -> Mask:
    """Return the digit of a row as a fine mask: its longer side has ``BOX * FINE`` pixels."""
    ink = row.reshape(SIDE, SIDE).astype(np.float32) / 255
    mask: Mask = resized(cropped(ink, ink > INK_THRESHOLD), BOX * FINE) > INK_THRESHOLD
    return mask


def with_strokes(mask: Mask, lines: Iterable[Line], pen: float) -> Mask:
    """Return a mask with strokes added and its bounding box fitted; strokes have round ends.

    >>> stem = np.ones((20, 2), dtype=bool)
    >>> with_strokes(stem, [[(-8.0, 10.0), (10.0, 10.0)]], pen=1).shape
    (20, 20)
    """
    margin = round(STROKE_MARGIN * max(mask.shape))
    picture = Image.fromarray(np.pad(mask.astype(np.uint8), margin))
    draw = ImageDraw.Draw(picture)
    for line in lines:
        draw_stroke(draw, [(x + margin, y + margin) for x, y in line], pen)
    drawn: Mask = np.asarray(picture.crop(picture.getbbox())) > 0
    return drawn


def draw_stroke(draw: ImageDraw.ImageDraw, line: Line, pen: float, value: int = 1) -> None:
    """Draw a stroke with round ends."""
    draw.line(line, fill=value, width=max(1, round(pen)), joint="curve")
    for x, y in (line[0], line[-1]):
        draw.ellipse((x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2), fill=value)


def row_of(mask: Mask) -> NDArray[np.uint8]:
    """Return a mask as a row in MNIST's form."""
    return centred(resized(mask.astype(np.float32), BOX * FINE) > 0.5).ravel()
