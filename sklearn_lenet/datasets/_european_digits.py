"""add_european_hands: ones with an upstroke, crossed sevens, hooked nines, made of MNIST's own."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.random import RandomState
from numpy.typing import NDArray
from sklearn.utils import check_random_state

from ..images import Mask, stroke_width
from ._redrawing import Line, checked_rows, enlarged, has_ink, row_of, with_strokes

Strokes = Callable[[Mask, float, RandomState], list[Line]]
"""What is added to a digit, by its mask and its pen."""

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

HOOK = 0.2, 0.6
"""How far a nine's hook reaches to the left, over the digit's height ..."""

SAG = 0.05, 0.2
"""... how deep it sags on its way ..."""

LIFT = 0, 0.15
"""... and how far its end is lifted."""

OTHERS = 3
"""Every so many of the other digits comes again as it is, lest the drawn edge tell the label."""


def add_european_hands(
    X: Any, y: Any, *, random_state: int | RandomState | None = None
) -> tuple[NDArray[np.uint8], NDArray[Any]]:
    """Return MNIST's rows, and some digits once more as much of Europe writes them.

    MNIST's writers are American: a one is a plain stroke, few sevens have a bar, and nines stand
    on a straight stem. A net that learned from them takes a one with a long upstroke for a
    seven, and a nine with a hook for a five. Here each one comes a second time with an
    upstroke, some with a foot, every other seven with a bar and every other nine with a hook.
    Of the other digits every third comes a second time redrawn as it is: a net that sees the
    crisp edge of redrawn strokes on few digits alone takes it for theirs.

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
    rows, labels = checked_rows(X, y)
    random = check_random_state(random_state)
    names = labels.astype(str)
    again, added = [], []
    for name, (strokes, every) in STROKES.items():
        chosen = np.flatnonzero(names == name)[::every]
        again.append(chosen)
        added += [_redrawn(rows[k], strokes, random) for k in chosen]
    rest = np.flatnonzero(~np.isin(names, list(STROKES)))[::OTHERS]
    again.append(rest)
    added += [_redrawn(rows[k], None, random) for k in rest]
    if not added:
        return rows, labels
    return np.concatenate([rows, np.stack(added)]), np.append(labels, labels[np.concatenate(again)])


def _redrawn(
    row: NDArray[np.uint8], strokes: Strokes | None, random: RandomState
) -> NDArray[np.uint8]:
    """Return a digit, with more strokes where there are any, brought to MNIST's form again."""
    if not has_ink(row):
        return row
    mask = enlarged(row)
    if strokes:
        pen = 2 * stroke_width(mask[::2, ::2]) * random.uniform(0.8, 1.1)  # half is fine enough
        mask = with_strokes(mask, strokes(mask, pen, random), pen)
    return row_of(mask)


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


def _nine(mask: Mask, pen: float, random: RandomState) -> list[Line]:
    """Return the hook in which a nine's stem ends."""
    height = len(mask)
    rows, columns = np.nonzero(mask)
    x, y = float(columns[rows > 0.92 * height].mean()), height - pen / 2
    reach, sag, lift = (height * random.uniform(*bounds) for bounds in (HOOK, SAG, LIFT))
    way = np.linspace(0, 1, 6).tolist()
    return [[(x - reach * t, y + 4 * sag * t * (1 - t) - lift * t * t) for t in way]]


def _bar(x: float, y: float, height: int, random: RandomState) -> Line:
    reach = height * random.uniform(*BAR)
    tilt = reach * random.uniform(-0.25, 0.15)
    return [(x - reach, y - tilt), (x + reach * random.uniform(0.7, 1.3), y + tilt)]


STROKES: dict[str, tuple[Strokes, int]] = {"1": (_one, 1), "7": (_seven, 2), "9": (_nine, 2)}
"""Label -> what it gets, and every how many."""
