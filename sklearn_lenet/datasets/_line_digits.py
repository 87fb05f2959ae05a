"""The digits of a synthetic line: each one cut out of a row and drawn at its own size and slant."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.random import Generator, RandomState
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from ..images import SIDE, Mask
from ._drawn_digits import drawn_digits
from ._european_digits import add_european_hands
from ._redrawing import Line, enlarged, has_ink, row_of, with_strokes

INK = 64
"""A pixel of at least this value, of 255, belongs to a digit."""

DRAWN_SHARE = 0.3
"""This share of the digits in lines is drawn from strokes, in styles that rows do not show."""

DRAWN_OF_ROWS, MOST_DRAWN = 0.05, 8000
"""How many digits are drawn: a share of the rows that lines may need, but not more than this."""

CURLED = ("2", "3")
"""Digits whose first stroke may begin with a curl."""

CURL_SHARE = 0.45
"""This share of them gets a curl."""

CURL_RADIUS = 0.07, 0.2
"""The radius of a curl, smallest and largest, as a share of the digit's height."""

ROTATION = 0.1
"""The deviation of the rotation of a digit, in radians."""

SIZE = 0.13
"""The deviation of the logarithm of a digit's height."""

WIDTH = 0.13
"""The deviation of the logarithm of a digit's width."""

WIDEST = 1.3
"""A digit is at most this many times wider than high."""


THINNEST = 0.35
"""A thinner pen leaves at least this share of the ink."""


class Patch(NamedTuple):
    """A digit as it stands in a line: its ink from 0 to 255, fitted to its bounding box."""

    ink: NDArray[np.uint8]
    lowered: float
    """How far it stands below the baseline, in pixels."""


class Hands(NamedTuple):
    """The digits from which lines are made, by their label."""

    rows: NDArray[np.uint8]
    by_label: dict[str, NDArray[np.intp]]
    drawn: dict[str, NDArray[np.intp]]
    """The digits that were drawn from strokes."""

    def choose(self, label: str, random: Generator) -> NDArray[np.uint8]:
        """Return one of the images of a label."""
        is_drawn = random.random() < DRAWN_SHARE and label in self.drawn
        places = (self.drawn if is_drawn else self.by_label)[label]
        image: NDArray[np.uint8] = self.rows[places[random.integers(len(places))]]
        return image.reshape(SIDE, SIDE)


def hands_of(
    rows: NDArray[np.uint8], labels: NDArray[np.str_], most: int, random: RandomState
) -> Hands:
    """Return up to ``most`` rows, these rows with European strokes and curls, and drawn digits."""
    inked = np.flatnonzero([has_ink(row) for row in rows])
    if len(inked) > most:
        inked = random.choice(inked, most, replace=False)
    rows, labels = add_european_hands(rows[inked], labels[inked], random_state=random)
    curled = np.flatnonzero(
        np.isin(labels, CURLED) & (random.uniform(size=len(labels)) < CURL_SHARE)
    )
    if len(curled):
        rows = np.concatenate([rows, np.stack([_with_curl(rows[k], random) for k in curled])])
        labels = np.concatenate([labels, labels[curled]])
    n_drawn = min(round(DRAWN_OF_ROWS * most), MOST_DRAWN)
    drawn, drawn_labels = drawn_digits(np.resize(np.unique(labels), n_drawn), random)
    return Hands(
        np.concatenate([rows, drawn]),
        _places(labels, 0),
        _places(drawn_labels, len(rows)),
    )


def _places(labels: NDArray[np.str_], start: int) -> dict[str, NDArray[np.intp]]:
    """Return the places of each label, counted from ``start``."""
    return {label: start + np.flatnonzero(labels == label) for label in np.unique(labels)}


def _with_curl(row: NDArray[np.uint8], random: RandomState) -> NDArray[np.uint8]:
    """Return a digit with a curl where its first stroke begins, at the top left."""
    mask = enlarged(row)
    start = _first_point(mask)
    radius = len(mask) * random.uniform(*CURL_RADIUS)
    turn = np.linspace(0, random.uniform(1.2, 2.1) * np.pi, 10)
    # From its beginning the stroke goes back down and around, and ends inside of the curl.
    angle = np.pi + turn
    shrinking = radius * np.linspace(1, random.uniform(0.5, 0.9), 10)
    x = start[0] + radius + shrinking * np.cos(angle)
    y = start[1] - shrinking * np.sin(angle)
    curl: Line = list(zip(x.tolist(), y.tolist(), strict=True))
    pen = max(4.0, 0.1 * len(mask) * random.uniform(0.7, 1.2))
    return row_of(with_strokes(mask, [curl], pen))


def _first_point(mask: Mask) -> tuple[float, float]:
    """Return the leftmost point of the upper half of a digit."""
    rows, columns = np.nonzero(mask[: max(1, len(mask) // 2)])
    k = int(columns.argmin())
    return float(columns[k]), float(rows[k])


def patch(image: NDArray[np.uint8], height: float, slant: float, random: Generator) -> Patch:
    """Return a digit at about a height in pixels, slanted to the right by ``slant``."""
    rows, columns = np.nonzero(image >= INK)
    own_height, own_width = np.ptp(rows) + 1, np.ptp(columns) + 1
    high = height / own_height * float(np.exp(random.normal(0, SIZE)))
    wide = high * float(np.exp(random.normal(0, WIDTH)))
    wide = min(wide, WIDEST * height / own_width)
    slant += random.normal(0, 0.07)
    angle = random.normal(0, ROTATION)
    forward = _matrix(wide, high, slant, angle)
    middle = (rows.min() + rows.max() + 1) / 2, (columns.min() + columns.max() + 1) / 2
    half_width = own_width / 2 * wide + (abs(slant) + 0.4) * own_height / 2 * high + 3
    half_height = own_height / 2 * high + 0.4 * own_width / 2 * wide + 3
    size = int(2 * half_width) + 1, int(2 * half_height) + 1
    backward = np.linalg.inv(forward)
    shift = np.array([middle[1], middle[0]]) - backward @ np.array([size[0] / 2, size[1] / 2])
    drawn = Image.fromarray(image).transform(
        size, Image.Transform.AFFINE,
        (*backward[0], shift[0], *backward[1], shift[1]), Image.Resampling.BILINEAR,
    )  # fmt: skip
    ink = np.asarray(drawn)
    inked: Mask = ink >= INK
    if not inked.any():  # a stroke of less than a pixel
        return Patch(np.full((max(2, round(height)), 2), 255, dtype=np.uint8), 0.0)
    (top, bottom), (left, right) = _ends(inked.any(axis=1)), _ends(inked.any(axis=0))
    return Patch(ink[top:bottom, left:right], height * random.normal(0, 0.05))


def thinned(digit: Patch) -> Patch:
    """Return a digit written with a thinner pen, or the same if too little of it would be left."""
    eroded = np.asarray(Image.fromarray(digit.ink).filter(ImageFilter.MinFilter(3)))
    left = int((eroded >= 2 * INK).sum())
    return digit._replace(ink=eroded) if left > THINNEST * (digit.ink >= 2 * INK).sum() else digit


def _matrix(wide: float, high: float, slant: float, angle: float) -> NDArray[np.float64]:
    """Return how a point (x, y) of an image moves: stretched, slanted, then rotated."""
    cosine, sine = np.cos(angle), np.sin(angle)
    rotation = np.array([[cosine, sine], [-sine, cosine]])
    matrix: NDArray[np.float64] = rotation @ np.array([[wide, -slant * high], [0, high]])
    return matrix


def _ends(inked: Any) -> tuple[int, int]:
    """Return the first place and the one behind the last."""
    places = np.flatnonzero(inked)
    return int(places[0]), int(places[-1]) + 1
