"""add_european_hands: ones with an upstroke, crossed sevens and hooked nines from MNIST's rows."""

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

StrokesFor = Callable[[Mask, float, RandomState], list[Line]]
"""A function that returns the strokes to add, given a mask, its pen width and a generator."""

UPSTROKE_LENGTH = 0.25, 1.1
"""The length of a one's upstroke, smallest and largest, as a share of the digit's height."""

UPSTROKE_ANGLE = 25, 70
"""The angle at which a one's upstroke rises, smallest and largest, in degrees."""

FOOT_SHARE = 0.3
"""This share of the ones gets a horizontal stroke as a foot."""

BAR_REACH = 0.15, 0.35
"""How far a bar or a foot reaches to each side, as a share of the digit's height."""

BAR_POSITION = 0.42, 0.62
"""How far below the top a bar crosses a seven, as a share of the digit's height."""

HOOK_REACH = 0.2, 0.6
"""How far a nine's hook reaches to the left, as a share of the digit's height."""

HOOK_SAG = 0.05, 0.2
"""How far a nine's hook bends down in its middle, as a share of the digit's height."""

HOOK_LIFT = 0, 0.15
"""How far the end of a nine's hook is raised, as a share of the digit's height."""

OTHERS_EVERY = 3
"""One in this many of the other digits is redrawn without a change, so that rendering artefacts do
not reveal the class."""


def add_european_hands(
    X: Any, y: Any, *, random_state: int | RandomState | None = None
) -> tuple[NDArray[np.uint8], NDArray[Any]]:
    """Add digits to MNIST's rows, redrawn as they are written in much of Europe.

    MNIST's writers are American: a one is a plain stroke, few sevens have a bar, and nines stand
    on a straight stem. A net that is trained on them reads a one with a long upstroke as a
    seven, and a nine with a hook as a five. This function adds a copy of each one with an
    upstroke, some with a foot as well, of every second seven with a bar, and of every second
    nine with a hook. It also adds a redrawn copy of every third of the other digits, without new
    strokes. Redrawn strokes have sharp edges, and a net that saw them only in some classes would
    use them to recognise these classes.

    Parameters
    ----------
    X : array of shape (n, 784), uint8
        White digits on black, as `fetch_mnist` returns them and `DigitImageReader` makes them.
    y : array of shape (n,)
        Their labels, numbers or strings.
    random_state : int, RandomState instance or None, default=None
        Determines where strokes begin and how long they are.

    Returns
    -------
    X : ndarray of shape (m, 784), uint8
        The given rows, followed by the new ones.
    y : ndarray of shape (m,)
        Their labels.

    See Also
    --------
    add_drawn_digits : Adds digits in other styles, drawn from strokes.
    add_non_digits : Adds images that are not digits.
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
    sources, added = [], []
    for name, (strokes_for, every) in EUROPEAN_STROKES.items():
        chosen = np.flatnonzero(names == name)[::every]
        sources.append(chosen)
        added += [_redrawn(rows[k], strokes_for, random) for k in chosen]
    others = np.flatnonzero(~np.isin(names, list(EUROPEAN_STROKES)))[::OTHERS_EVERY]
    sources.append(others)
    added += [_redrawn(rows[k], None, random) for k in others]
    if not added:
        return rows, labels
    new_labels = labels[np.concatenate(sources)]
    return np.concatenate([rows, np.stack(added)]), np.append(labels, new_labels)


def _redrawn(
    row: NDArray[np.uint8], strokes_for: StrokesFor | None, random: RandomState
) -> NDArray[np.uint8]:
    """Return a digit redrawn in MNIST's form, with added strokes if there are any."""
    if not has_ink(row):
        return row
    mask = enlarged(row)
    if strokes_for:
        # Every second pixel is enough to measure the pen, and faster.
        pen = 2 * stroke_width(mask[::2, ::2]) * random.uniform(0.8, 1.1)
        mask = with_strokes(mask, strokes_for(mask, pen, random), pen)
    return row_of(mask)


def _upstroke_and_foot(mask: Mask, pen: float, random: RandomState) -> list[Line]:
    """Return a one's upstroke, which ends at its top, and for some ones a foot."""
    height = len(mask)
    rows, columns = np.nonzero(mask)
    top = float(columns[rows < 0.08 * height].mean()), pen / 2
    length = height * random.uniform(*UPSTROKE_LENGTH)
    angle = math.radians(random.uniform(*UPSTROKE_ANGLE))
    across, down = length * math.cos(angle), length * math.sin(angle)
    bend = length * random.uniform(-0.08, 0.08)
    middle = top[0] - across / 2 + bend, top[1] + down / 2 + bend
    strokes = [[top, middle, (top[0] - across, top[1] + down)]]
    if random.uniform() < FOOT_SHARE:
        x, y = float(columns[rows > 0.92 * height].mean()), height - pen / 2
        strokes.append(_bar(x, y, height, random))
    return strokes


def _bar_through_stem(mask: Mask, _pen: float, random: RandomState) -> list[Line]:
    """Return the bar through a seven's stem."""
    height = len(mask)
    y = int(height * random.uniform(*BAR_POSITION))
    stem = np.flatnonzero(mask[y])
    return [_bar(float(stem.mean()), y, height, random)] if len(stem) else []


def _hook(mask: Mask, pen: float, random: RandomState) -> list[Line]:
    """Return the hook at the end of a nine's stem."""
    height = len(mask)
    rows, columns = np.nonzero(mask)
    x, y = float(columns[rows > 0.92 * height].mean()), height - pen / 2
    reach, sag, lift = (
        height * random.uniform(*bounds) for bounds in (HOOK_REACH, HOOK_SAG, HOOK_LIFT)
    )
    steps = np.linspace(0, 1, 6).tolist()
    return [[(x - reach * t, y + 4 * sag * t * (1 - t) - lift * t * t) for t in steps]]


def _bar(x: float, y: float, height: int, random: RandomState) -> Line:
    """Return a bar through a point, tilted a little and a little longer or shorter to the right."""
    reach = height * random.uniform(*BAR_REACH)
    tilt = reach * random.uniform(-0.25, 0.15)
    return [(x - reach, y - tilt), (x + reach * random.uniform(0.7, 1.3), y + tilt)]


EUROPEAN_STROKES: dict[str, tuple[StrokesFor, int]] = {
    "1": (_upstroke_and_foot, 1),
    "7": (_bar_through_stem, 2),
    "9": (_hook, 2),
}
"""For each label, the function for its strokes, and n to redraw every n-th digit of this label."""
