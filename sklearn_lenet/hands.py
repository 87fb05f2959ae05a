"""add_european_hands: ones with an upstroke and crossed sevens, made of MNIST's own."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.random import RandomState
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from sklearn.utils import check_consistent_length, check_random_state, column_or_1d

from ._ink import BOX, FINE, SIDE, Mask, centred, cropped, resized, stroke_width

__all__ = ["add_european_hands"]

Line = list[tuple[float, float]]
"""Points of a stroke, x and y."""

UPSTROKE = 0.25, 1.1
"""Length of a one's upstroke, over the digit's height ..."""
RISE = 25, 70
"""... and the degrees at which it rises."""
FEET = 0.3
"""Share of the ones that stand on a foot."""
BAR = 0.15, 0.35
"""How far a bar or a foot reaches to either side, over the digit's height."""
BAR_AT = 0.42, 0.62
"""Where a bar crosses a seven, over its height."""
INK = 0.4
"""A pixel with this share of black belongs to a stroke."""


def add_european_hands(
    X: Any, y: Any, *, random_state: int | RandomState | None = None
) -> tuple[NDArray[np.uint8], NDArray[Any]]:
    """Return MNIST's rows, and its ones and sevens once more as much of Europe writes them.

    MNIST's writers are American: a one is a plain stroke, and few sevens have a bar. A net that
    learned from them takes a one with a long upstroke for a seven. Here each one comes a second
    time with an upstroke, some with a foot, and every other seven with a bar.

    Parameters
    ----------
    X : array of shape (n, 784), uint8
        White digits on black, as `fetch_mnist` returns them and `DigitImageReader` makes them.
    y : array of shape (n,)
        Their labels, numbers or strings.
    random_state : int, RandomState instance or None, default=None
        Where strokes begin and how long they are.

    Returns
    -------
    X : ndarray of shape (m, 784), uint8
        The rows as they came, and behind them the new ones.
    y : ndarray of shape (m,)
        Their labels.

    See Also
    --------
    DigitImageReader : Brings pictures of digits to MNIST's form.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_lenet import add_european_hands
    >>> digit = np.zeros((28, 28), dtype=np.uint8)
    >>> digit[4:24, 13:15] = 255  # a plain one, 2 pixels wide
    >>> X, y = add_european_hands(digit.reshape(1, -1), [1], random_state=0)
    >>> X.shape, y.tolist()
    ((2, 784), [1, 1])
    >>> [int((row.reshape(28, 28).max(axis=0) > 0).sum()) for row in X]  # its width
    [2, 13]
    """
    rows, labels = np.asarray(X), column_or_1d(y)
    if rows.ndim != 2 or rows.shape[1] != SIDE * SIDE or rows.dtype != np.uint8:
        raise ValueError(
            f"X is {rows.dtype} of shape {rows.shape}: pass uint8 rows of {SIDE * SIDE} pixels, "
            "as fetch_mnist returns them."
        )
    check_consistent_length(rows, labels)
    random = check_random_state(random_state)
    names = labels.astype(str)
    ones, sevens = np.flatnonzero(names == "1"), np.flatnonzero(names == "7")[::2]
    added = [_redrawn(rows[k], _one, random) for k in ones]
    added += [_redrawn(rows[k], _seven, random) for k in sevens]
    if not added:
        return rows, labels
    again = np.concatenate([ones, sevens])
    return np.concatenate([rows, np.stack(added)]), np.concatenate([labels, labels[again]])


def _redrawn(row: NDArray[np.uint8], strokes: Any, random: RandomState) -> NDArray[np.uint8]:
    """Return a digit with more strokes, brought to MNIST's form again."""
    ink = row.reshape(SIDE, SIDE).astype(np.float32) / 255
    if not (ink > INK).any():
        return row
    mask: Mask = resized(cropped(ink, ink > INK), BOX * FINE) > INK
    pen = stroke_width(mask) * random.uniform(0.8, 1.1)
    room = round(1.2 * BOX * FINE)  # an upstroke reaches no further
    picture = Image.fromarray(np.pad(mask.astype(np.uint8), room))
    draw = ImageDraw.Draw(picture)
    for line in strokes(mask, pen, random):
        line = [(x + room, y + room) for x, y in line]
        draw.line(line, fill=1, width=max(1, round(pen)), joint="curve")
        for x, y in (line[0], line[-1]):  # round ends
            draw.ellipse((x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2), fill=1)
    drawn = np.asarray(picture.crop(picture.getbbox()), dtype=np.float32)
    return centred(resized(drawn, BOX * FINE) > 0.5).ravel()


def _one(mask: Mask, pen: float, random: RandomState) -> list[Line]:
    """Return a one's upstroke, which ends at its top, and for some a foot."""
    height = len(mask)
    rows, columns = np.nonzero(mask)
    top = float(columns[rows < 0.08 * height].mean()), pen / 2
    length = height * random.uniform(*UPSTROKE)
    angle = math.radians(random.uniform(*RISE))
    across, down = length * math.cos(angle), length * math.sin(angle)
    bend = length * random.uniform(-0.08, 0.08)
    middle = top[0] - across / 2 + bend, top[1] + down / 2 + bend
    strokes = [[top, middle, (top[0] - across, top[1] + down)]]
    if random.uniform() < FEET:
        x, y = float(columns[rows > 0.92 * height].mean()), height - pen / 2
        strokes.append(_bar(x, y, height, random))
    return strokes


def _seven(mask: Mask, _pen: float, random: RandomState) -> list[Line]:
    """Return the bar through a seven's stem."""
    height = len(mask)
    y = int(height * random.uniform(*BAR_AT))
    stem = np.flatnonzero(mask[y])
    return [_bar(float(stem.mean()), y, height, random)] if len(stem) else []


def _bar(x: float, y: float, height: int, random: RandomState) -> Line:
    reach = height * random.uniform(*BAR)
    tilt = reach * random.uniform(-0.25, 0.15)
    return [(x - reach, y - tilt), (x + reach * random.uniform(0.7, 1.3), y + tilt)]
