"""add_non_digits: adds synthetic images that are not digits, so that a net can reject them."""

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
"""The label of images that are not a digit, which is scikit-learn's label of outliers."""

NON_DIGIT_SHARE = 0.1
"""The number of added rows, as a share of the rows that were given."""

STROKE_WIDTHS = 1.9, 3.4
"""The smallest and largest stroke width in pixels of 28x28; MNIST's vary as much."""

MAX_OVERLAP = 0.3
"""Two digits overlap by at most this share of the narrower one's width."""

ROTATABLE = ["2", "3", "4", "5", "7"]
"""These digits are not digits when they lie on their side."""

MIRRORABLE = ["3", "4", "7"]
"""These digits are not digits when they are mirrored."""

STICK_COUNTS = 4, 7
"""A figure has at least the first and fewer than the second number of straight strokes.
With fewer strokes it may look like a digit."""


def add_non_digits(
    X: Any, y: Any, *, random_state: int | RandomState | None = None
) -> tuple[NDArray[np.uint8], NDArray[Any]]:
    """Add non-digits to MNIST's rows: a tenth as many rows, with the label -1.

    A net that was trained on digits only sees a digit in every image. The added rows form one
    more class: two digits that overlap, digits on their side or mirrored, random straight
    strokes as in letters, and scribbles. `read_digits` and the command line answer "?" where
    this class is sure. Such a net also rejects some unusual digits. It rejects far fewer if the
    class has a smaller weight: ``class_weight={-1: 0.2}``.

    Parameters
    ----------
    X : array of shape (n, 784), uint8
        White digits on black, as `fetch_mnist` returns them and `DigitImageReader` makes them.
    y : array of shape (n,)
        Their labels, numbers or strings.
    random_state : int, RandomState instance or None, default=None
        Determines which digits are used and where strokes are drawn.

    Returns
    -------
    X : ndarray of shape (m, 784), uint8
        The given rows, followed by the new ones.
    y : ndarray of shape (m,)
        Their labels; -1 or "-1" for the new rows.

    See Also
    --------
    add_european_hands : Adds digits as they are written in Europe.
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
    n = round(NON_DIGIT_SHARE * len(rows)) if len(inked) else 0
    if n == 0:
        return rows, labels
    added = np.stack([KINDS[k % len(KINDS)](digits, random) for k in range(n)])
    new_labels = np.full(n, str(NO_DIGIT) if labels.dtype.kind in "OUS" else NO_DIGIT)
    return np.concatenate([rows, added]), np.concatenate([labels, new_labels])


class Digits(NamedTuple):
    """The digits from which non-digits are made."""

    rows: NDArray[np.uint8]
    """All digits."""
    rotatable: NDArray[np.uint8]
    """The digits that are not digits when they lie on their side."""
    mirrorable: NDArray[np.uint8]
    """The digits that are not digits when they are mirrored."""


def digits_of(rows: NDArray[np.uint8], names: NDArray[np.str_]) -> Digits:
    """Return the rows, and those of them that may be rotated or mirrored, by their labels."""
    return Digits(rows, rows[np.isin(names, ROTATABLE)], rows[np.isin(names, MIRRORABLE)])


def _pair(digits: Digits, random: RandomState) -> NDArray[np.uint8]:
    """Return two digits side by side that overlap a little."""
    left, right = (enlarged(digits.rows[random.randint(len(digits.rows))]) for _ in range(2))
    right = resized(right.astype(np.float32), BOX * FINE * random.uniform(0.8, 1.25)) > 0.5
    overlap = round(random.uniform(0, MAX_OVERLAP) * min(left.shape[1], right.shape[1]))
    lower_by = round(random.uniform(-0.12, 0.12) * len(left))  # the right digit
    left_top, right_top = max(-lower_by, 0), max(lower_by, 0)
    start = left.shape[1] - overlap
    height = max(left_top + len(left), right_top + len(right))
    both = np.zeros((height, start + right.shape[1]), dtype=bool)
    both[left_top : left_top + len(left), : left.shape[1]] = left
    both[right_top : right_top + len(right), start:] |= right
    return _row_with_random_pen(both, random)


def _rotated_or_mirrored(digits: Digits, random: RandomState) -> NDArray[np.uint8]:
    """Return a digit on its side or mirrored; rarely, or if there is no such digit, a scribble."""
    n_rotatable, n_mirrorable = len(digits.rotatable), len(digits.mirrorable)
    k = random.randint(n_rotatable + n_mirrorable + 1)
    if k < n_rotatable:
        image = np.rot90(digits.rotatable[k].reshape(SIDE, SIDE), random.choice([1, 3]))
    elif k < n_rotatable + n_mirrorable:
        image = digits.mirrorable[k - n_rotatable].reshape(SIDE, SIDE)[:, ::-1]
    else:
        return _scribble(digits, random)
    row: NDArray[np.uint8] = image.ravel()
    return row


def _sticks(_digits: Digits, random: RandomState) -> NDArray[np.uint8]:
    """Return straight strokes between random points of a grid of 3x3 points."""
    points = np.stack(np.meshgrid([0, 0.5, 1], [0, 0.5, 1]), axis=-1).reshape(-1, 2)
    points = points * random.uniform([0.5, 0.8], 1) + random.normal(0, 0.04, points.shape)
    ends = [random.choice(9, 2, replace=False) for _ in range(random.randint(*STICK_COUNTS))]
    return _drawn([points[pair] for pair in ends], random)


def _scribble(_digits: Digits, random: RandomState) -> NDArray[np.uint8]:
    """Return one curved stroke: a path that changes its direction at random."""
    turns = random.normal(0, random.uniform(0.5, 1.2), random.randint(20, 60))
    headings = turns.cumsum() + random.uniform(0, 2 * math.pi)
    return _drawn([np.stack([np.cos(headings), np.sin(headings)], axis=1).cumsum(axis=0)], random)


KINDS: list[Callable[[Digits, RandomState], NDArray[np.uint8]]]
KINDS = [_pair, _sticks, _pair, _rotated_or_mirrored, _scribble]
"""The kinds of non-digits, made one after the other in this order."""


def _drawn(lines: list[NDArray[np.float64]], random: RandomState) -> NDArray[np.uint8]:
    """Return strokes of any size as a row in MNIST's form."""
    points = np.concatenate(lines)
    lowest, span = points.min(axis=0), np.ptp(points, axis=0).max()
    strokes: list[Line] = [
        [(float(x), float(y)) for x, y in BOX * FINE * (line - lowest) / span] for line in lines
    ]
    width, height = (1 + math.ceil(side) for side in BOX * FINE * np.ptp(points, axis=0) / span)
    background = np.zeros((height, width), dtype=bool)
    return _row_with_random_pen(with_strokes(background, strokes, 2 * FINE), random)


def _row_with_random_pen(mask: Mask, random: RandomState) -> NDArray[np.uint8]:
    """Return a mask as a row in MNIST's form, with a random stroke width as in MNIST."""
    pen = random.uniform(*STROKE_WIDTHS)
    return centred(with_stroke(mask.astype(np.float32), 0.5, pen, pen)).ravel()
