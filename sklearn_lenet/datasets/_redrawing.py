"""MNIST's rows drawn anew: as masks of ``FINE`` pixels for one, with strokes added, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from sklearn.utils import check_consistent_length, column_or_1d

from ..images import BOX, FINE, SIDE, Mask, centred, cropped, resized

Line = list[tuple[float, float]]
"""Points of a stroke, x and y."""

INK = 0.4
"""A pixel with this share of black belongs to a stroke."""

LONGEST = 1.2
"""A stroke reaches no further out of a digit, over the digit's height."""


def checked_rows(X: Any, y: Any) -> tuple[NDArray[np.uint8], NDArray[Any]]:
    """Return rows of MNIST's form and their labels, or raise a sentence."""
    rows, labels = np.asarray(X), column_or_1d(y)
    if rows.ndim != 2 or rows.shape[1] != SIDE * SIDE or rows.dtype != np.uint8:
        raise ValueError(
            f"X is {rows.dtype} of shape {rows.shape}: pass uint8 rows of {SIDE * SIDE} pixels, "
            "as fetch_mnist returns them."
        )
    check_consistent_length(rows, labels)
    return rows, labels


def has_ink(row: NDArray[np.uint8]) -> bool:
    """Return whether there is anything to draw."""
    return bool((row > INK * 255).any())


def enlarged(row: NDArray[np.uint8]) -> Mask:
    """Return where the ink of a row is, cut out, its longer side ``BOX * FINE`` pixels."""
    ink = row.reshape(SIDE, SIDE).astype(np.float32) / 255
    mask: Mask = resized(cropped(ink, ink > INK), BOX * FINE) > INK
    return mask


def with_strokes(mask: Mask, lines: Iterable[Line], pen: float) -> Mask:
    """Return a mask with more strokes, which have round ends, cut out anew.

    >>> stem = np.ones((20, 2), dtype=bool)
    >>> with_strokes(stem, [[(-8.0, 10.0), (10.0, 10.0)]], pen=1).shape
    (20, 20)
    """
    room = round(LONGEST * max(mask.shape))
    picture = Image.fromarray(np.pad(mask.astype(np.uint8), room))
    draw = ImageDraw.Draw(picture)
    for line in lines:
        line = [(x + room, y + room) for x, y in line]
        draw.line(line, fill=1, width=max(1, round(pen)), joint="curve")
        for x, y in (line[0], line[-1]):
            draw.ellipse((x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2), fill=1)
    drawn: Mask = np.asarray(picture.crop(picture.getbbox())) > 0
    return drawn


def row_of(mask: Mask) -> NDArray[np.uint8]:
    """Return a mask as a row of MNIST's form."""
    return centred(resized(mask.astype(np.float32), BOX * FINE) > 0.5).ravel()
