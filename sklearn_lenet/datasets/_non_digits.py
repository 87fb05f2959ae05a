"""add_non_digits: what is no digit, for a net that should say so."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.random import RandomState
from numpy.typing import NDArray
from sklearn.utils import check_random_state

from ..images import BOX, FINE, SIDE, Mask, centred, resized, with_stroke
from ._redrawing import Line, checked_rows, enlarged, has_ink, with_strokes

NO_DIGIT = -1
"""The label of what is no digit; scikit-learn's mark of an outlier."""

SHARE = 0.1
"""How many come to the rows, over their number."""

PENS = 1.9, 3.4
"""Widths of strokes, in pixels of 28x28, as MNIST's vary."""

OVERLAP = 0.3
"""How far two digits are pushed into each other, over the narrower one's width."""

TURNED = ["2", "3", "4", "5", "7"]
"""What is no digit when it lies on its side ..."""

MIRRORED = ["3", "4", "7"]
"""... and in a mirror."""

STICKS = 4, 7
"""A figure has so many straight strokes, and less than so many; fewer may well be a digit."""


def add_non_digits(
    X: Any, y: Any, *, random_state: int | RandomState | None = None
) -> tuple[NDArray[np.uint8], NDArray[Any]]:
    """Return MNIST's rows, and a tenth as many that are no digit, with the label -1.

    A net that knows digits alone sees one in whatever it is shown. These teach it a class of
    their own: two digits pushed into each other, digits on their side or in a mirror, straight
    strokes at random as letters have them, and scribbles. `read_digits` and the command line
    answer "?" where that class is sure. Such a net refuses some odd digits as well, far fewer
    where the class weighs less: ``class_weight={-1: 0.2}``.

    Parameters
    ----------
    X : array of shape (n, 784), uint8
        White digits on black, as `fetch_mnist` returns them and `DigitImageReader` makes them.
    y : array of shape (n,)
        Their labels, numbers or strings.
    random_state : int, RandomState instance or None, default=None
        Which digits are taken, and where strokes go.

    Returns
    -------
    X : ndarray of shape (m, 784), uint8
        The rows as they came, and behind them the new ones.
    y : ndarray of shape (m,)
        Their labels, -1 or "-1" for the new ones.

    See Also
    --------
    add_european_hands : Digits that MNIST's writers did not write.
    read_digits : Finds the digits of a picture.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_lenet import add_non_digits
    >>> digits = np.zeros((20, 28, 28), dtype=np.uint8)
    >>> digits[:, 4:24, 13:15] = 255  # plain ones, 2 pixels wide
    >>> X, y = add_non_digits(digits.reshape(20, -1), np.ones(20, dtype=int), random_state=0)
    >>> X.shape, y[18:].tolist()
    ((22, 784), [1, 1, -1, -1])
    """
    rows, labels = checked_rows(X, y)
    random = check_random_state(random_state)
    inked = np.flatnonzero([has_ink(row) for row in rows])
    digits = digits_of(rows[inked], labels[inked].astype(str))
    n = round(SHARE * len(rows)) if len(inked) else 0
    if n == 0:
        return rows, labels
    added = np.stack([KINDS[k % len(KINDS)](digits, random) for k in range(n)])
    none = np.full(n, str(NO_DIGIT) if labels.dtype.kind in "OUS" else NO_DIGIT)
    return np.concatenate([rows, added]), np.concatenate([labels, none])


class Digits(NamedTuple):
    """What non-digits are made of."""

    rows: NDArray[np.uint8]
    turned: NDArray[np.uint8]
    """Those that are none on their side ..."""
    mirrored: NDArray[np.uint8]
    """... and in a mirror."""


def digits_of(rows: NDArray[np.uint8], names: NDArray[np.str_]) -> Digits:
    """Return rows with ink, and which of them may be turned and mirrored."""
    return Digits(rows, rows[np.isin(names, TURNED)], rows[np.isin(names, MIRRORED)])


def _pair(digits: Digits, random: RandomState) -> NDArray[np.uint8]:
    """Return two digits, one a little into the other."""
    left, right = (enlarged(digits.rows[random.randint(len(digits.rows))]) for _ in range(2))
    right = resized(right.astype(np.float32), BOX * FINE * random.uniform(0.8, 1.25)) > 0.5
    overlap = round(random.uniform(0, OVERLAP) * min(left.shape[1], right.shape[1]))
    down = round(random.uniform(-0.12, 0.12) * len(left))
    tops = max(-down, 0), max(down, 0)
    at = left.shape[1] - overlap
    height = max(top + len(mask) for top, mask in zip(tops, (left, right), strict=True))
    both = np.zeros((height, at + right.shape[1]), dtype=bool)
    both[tops[0] : tops[0] + len(left), : left.shape[1]] = left
    both[tops[1] : tops[1] + len(right), at:] |= right
    return _penned(both, random)


def _turned(digits: Digits, random: RandomState) -> NDArray[np.uint8]:
    """Return a digit on its side or in a mirror; rarely, or where none may be, a scribble."""
    k = random.randint(len(digits.turned) + len(digits.mirrored) + 1)
    if k < len(digits.turned):
        image = np.rot90(digits.turned[k].reshape(SIDE, SIDE), random.choice([1, 3]))
    elif k < len(digits.turned) + len(digits.mirrored):
        image = digits.mirrored[k - len(digits.turned)].reshape(SIDE, SIDE)[:, ::-1]
    else:
        return _scribble(digits, random)
    row: NDArray[np.uint8] = image.ravel()
    return row


def _sticks(_digits: Digits, random: RandomState) -> NDArray[np.uint8]:
    """Return straight strokes between places on a grid of three by three."""
    places = np.stack(np.meshgrid([0, 0.5, 1], [0, 0.5, 1]), axis=-1).reshape(-1, 2)
    places = places * random.uniform([0.5, 0.8], 1) + random.normal(0, 0.04, places.shape)
    ends = [random.choice(9, 2, replace=False) for _ in range(random.randint(*STICKS))]
    return _drawn([places[pair] for pair in ends], random)


def _scribble(_digits: Digits, random: RandomState) -> NDArray[np.uint8]:
    """Return the way of a pen that turns as it likes."""
    turns = random.normal(0, random.uniform(0.5, 1.2), random.randint(20, 60))
    headings = turns.cumsum() + random.uniform(0, 2 * math.pi)
    return _drawn([np.stack([np.cos(headings), np.sin(headings)], axis=1).cumsum(axis=0)], random)


KINDS: list[Callable[[Digits, RandomState], NDArray[np.uint8]]]
KINDS = [_pair, _sticks, _pair, _turned, _scribble]
"""What is made in turn."""


def _drawn(lines: list[NDArray[np.float64]], random: RandomState) -> NDArray[np.uint8]:
    """Return strokes of any size as a row."""
    points = np.concatenate(lines)
    lowest, span = points.min(axis=0), np.ptp(points, axis=0).max()
    strokes: list[Line] = [
        [(float(x), float(y)) for x, y in BOX * FINE * (line - lowest) / span] for line in lines
    ]
    width, height = (1 + math.ceil(side) for side in BOX * FINE * np.ptp(points, axis=0) / span)
    paper = np.zeros((height, width), dtype=bool)
    return _penned(with_strokes(paper, strokes, 2 * FINE), random)


def _penned(mask: Mask, random: RandomState) -> NDArray[np.uint8]:
    """Return a mask as a row, with one of MNIST's pens."""
    pen = random.uniform(*PENS)
    return centred(with_stroke(mask.astype(np.float32), 0.5, pen, pen)).ravel()
