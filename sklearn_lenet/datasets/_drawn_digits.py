"""add_drawn_digits: digits drawn from strokes, in styles that MNIST's rows do not show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.random import RandomState
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy.interpolate import CubicSpline
from sklearn.utils import check_random_state

from ..images import BOX, FINE, SIDE, Mask
from ._redrawing import checked_rows, draw_stroke, row_of
from ._stroke_styles import GENERAL, Style
from ._styles_after_fonts import AFTER_FONTS

STYLES = {label: GENERAL[label] + AFTER_FONTS[label] for label in GENERAL}
"""The styles of each digit."""

DRAWN_SHARE = 0.15
"""So many digits are added, as a share of the given rows."""

HEIGHT = BOX * FINE
"""The height of a digit while it is drawn, in pixels."""

WAVES = 3
"""The plane is bent by the sum of so many waves in each direction."""

BEND = 0.055
"""The deviation of a wave, as a share of the digit's height."""

JITTER = 0.022
"""The deviation of each point by itself."""

WIDTH = 0.18
"""The deviation of the logarithm of the width."""

PEN = 0.07, 0.17
"""The width of the pen, smallest and largest, as a share of the digit's height."""

STEPS = 12
"""Straight pieces between two points of a stroke."""


def add_drawn_digits(
    X: Any, y: Any, *, random_state: int | RandomState | None = None
) -> tuple[NDArray[np.uint8], NDArray[Any]]:
    """Add digits that are drawn from strokes, in styles that are rare or missing in MNIST's rows.

    Some writers begin a two with a curl, or write a four with a foot or a nine with a flat loop. A
    net that is trained on MNIST alone reads such a nine as a seven. This function adds 15 digits
    for each 100 rows, equally many of each label from 0 to 9 that ``y`` contains. Each is drawn
    with a pen of random width along the curves of a style, which are bent and stretched at random.

    Parameters
    ----------
    X : array of shape (n, 784), uint8
        White digits on black, as `fetch_mnist` returns them and `DigitImageReader` makes them.
    y : array of shape (n,)
        Their labels, numbers or strings.
    random_state : int, RandomState instance or None, default=None
        Determines the styles and how they are drawn.

    Returns
    -------
    X : ndarray of shape (m, 784), uint8
        The given rows, followed by the new ones.
    y : ndarray of shape (m,)
        Their labels.

    See Also
    --------
    add_european_hands : Adds European digits, drawn on the given rows.
    add_non_digits : Adds images that are not digits.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_lenet import add_drawn_digits
    >>> digits = np.zeros((20, 28, 28), dtype=np.uint8)
    >>> digits[:, 4:24, 13:15] = 255  # plain ones, 2 pixels wide
    >>> X, y = add_drawn_digits(digits.reshape(20, -1), np.ones(20, dtype=int), random_state=0)
    >>> X.shape, y[19:].tolist()
    ((23, 784), [1, 1, 1, 1])
    """
    rows, labels = checked_rows(X, y)
    random = check_random_state(random_state)
    names, first = np.unique(labels.astype(str), return_index=True)
    known = np.isin(names, list(STYLES))
    n = round(DRAWN_SHARE * len(rows)) if known.any() else 0
    drawn, _ = drawn_digits(np.resize(names[known], n), random)
    return np.concatenate([rows, drawn]), np.append(labels, labels[np.resize(first[known], n)])


def drawn_digits(
    labels: NDArray[np.str_], random: RandomState
) -> tuple[NDArray[np.uint8], NDArray[np.str_]]:
    """Return a drawn digit in MNIST's form for each label that has styles, and these labels."""
    known = labels[np.isin(labels, list(STYLES))]
    rows = [_drawn(STYLES[label][random.randint(len(STYLES[label]))], random) for label in known]
    return np.array(rows, dtype=np.uint8).reshape(len(known), SIDE * SIDE), known


def _drawn(style: Style, random: RandomState) -> NDArray[np.uint8]:
    """Return a digit of a style, bent and stretched at random, as a row."""
    bend, wide = _bend(random), float(np.exp(random.normal(0, WIDTH)))
    strokes = []
    for points in style:
        moved = bend(np.array(points)) + random.normal(0, JITTER, (len(points), 2))
        strokes.append(_curve(moved * [wide, 1] * HEIGHT))
    every = np.concatenate(strokes)
    pen = HEIGHT * random.uniform(*PEN)
    low = every.min(axis=0) - pen
    size = np.ceil(np.ptp(every, axis=0) + 2 * pen).astype(int)
    return row_of(_inked([stroke - low for stroke in strokes], pen, (int(size[0]), int(size[1]))))


def _bend(random: RandomState) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    """Return a smooth random displacement of the plane."""
    waves = random.normal(0, 3.5, (WAVES, 2, 2)), random.uniform(0, 2 * np.pi, (WAVES, 2))
    sizes = random.normal(0, BEND, (WAVES, 2))

    def bent(points: NDArray[np.float64]) -> NDArray[np.float64]:
        phases = np.einsum("wdc,pc->pwd", waves[0], points) + waves[1]
        moved: NDArray[np.float64] = points + (sizes * np.sin(phases)).sum(axis=1)
        return moved

    return bent


def _curve(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a smooth curve through points, as a list of close points."""
    if len(points) == 2:
        return points
    lengths = np.hypot(*np.diff(points, axis=0).T)
    places = np.concatenate([[0.0], np.cumsum(np.sqrt(lengths))])  # no overshoot at close points
    curve: NDArray[np.float64] = CubicSpline(places, points, bc_type="natural")(
        np.linspace(0, places[-1], STEPS * (len(points) - 1) + 1)
    )
    return curve


def _inked(strokes: list[NDArray[np.float64]], pen: float, size: tuple[int, int]) -> Mask:
    """Return the mask of strokes drawn with a round pen, cropped to its ink."""
    image = Image.new("1", size)
    draw = ImageDraw.Draw(image)
    for stroke in strokes:
        draw_stroke(draw, [(float(x), float(y)) for x, y in stroke], pen)
    drawn: Mask = np.asarray(image.crop(image.getbbox()))
    return drawn
