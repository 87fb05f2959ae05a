"""make_digit_lines: synthetic pictures of numbers as people write them, for a line reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.random import RandomState
from numpy.typing import NDArray

from ..utils import draw_seed
from ._data_at_hand import local_training_rows
from ._line_digits import Hands, hands_of
from ._line_picture import picture_of
from ._redrawing import checked_rows

AMOUNT_SHARE = 0.5
"""The share of the lines whose first digits are as frequent as those of amounts."""

CHUNK = 250
"""Lines that are made at a time by one process."""


def make_digit_lines(
    n: int,
    digits: tuple[Any, Any] | None = None,
    *,
    n_digits: tuple[int, int] = (1, 8),
    n_jobs: int | None = None,
    random_state: int | RandomState | None = None,
) -> tuple[list[NDArray[np.uint8]], NDArray[np.str_]]:
    """Make pictures of handwritten numbers, as forms and cheques have them.

    The digits of a line share a slant and a pen. They differ in size and baseline, touch or
    overlap, and may be cut by the edge of the picture. The paper has any brightness, a pattern, a
    grain, and rules or boxes. Dashes, dots, commas, equals signs and currency signs stand beside
    the number. They are not part of the label. The ink is uneven or faded, some lines are light on
    dark, and some are blurred or stored as JPEG.

    Parameters
    ----------
    n : int
        The number of lines.
    digits : tuple (rows, labels), default=None
        The digits to write with: rows in MNIST's form, as `fetch_mnist` returns them, and their
        labels, each a single character. Strokes as in `add_european_hands` are added to some of
        them, and three of ten digits are drawn from strokes, in styles that MNIST's writers
        rarely use. None takes the training rows of MNIST, or scikit-learn's digits if MNIST is
        not on this machine.
    n_digits : tuple (int, int), default=(1, 8)
        The fewest and the most digits of a line.
    n_jobs : int or None, default=None
        The number of processes, as in joblib. The lines do not depend on it.
    random_state : int, RandomState instance or None, default=None
        Determines the lines.

    Returns
    -------
    pictures : list of ndarray of shape (height, width), uint8
        Grey pictures of different sizes.
    labels : ndarray of shape (n,), str
        The numbers that are written.

    See Also
    --------
    DigitStringReader : Learns to read such lines.
    add_european_hands : Adds European digits to MNIST's rows.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_lenet import make_digit_lines
    >>> stem = np.zeros((28, 28), dtype=np.uint8)
    >>> stem[4:24, 13:15] = 255
    >>> pictures, labels = make_digit_lines(3, ([stem.ravel()], ["1"]), random_state=0)
    >>> len(pictures), set("".join(labels))
    (3, {'1'})
    """
    if n < 0:
        raise ValueError(f"n={n} is negative: pass the number of lines.")
    random = RandomState(draw_seed(random_state))
    maker = line_maker(digits, n, random, n_digits=n_digits)
    seeds = random.randint(np.iinfo(np.int32).max, size=n)
    chunks = [seeds[start : start + CHUNK] for start in range(0, n, CHUNK)]
    made = Parallel(n_jobs=n_jobs)(delayed(maker.lines)(chunk) for chunk in chunks)
    lines = [line for chunk in made for line in chunk]
    return [picture for picture, _ in lines], np.array([text for _, text in lines], dtype=str)


@dataclass(frozen=True)
class LineMaker:
    """The digits that lines are written with, and how many a line has."""

    hands: Hands
    n_digits: tuple[int, int]

    def line(self, seed: int) -> tuple[NDArray[np.uint8], str]:
        """Return the picture of a line, and its text; the seed determines both."""
        random = np.random.default_rng(seed)
        names = list(self.hands.by_label)
        length = int(random.integers(self.n_digits[0], self.n_digits[1] + 1))
        text = "".join(names[k] for k in random.integers(len(names), size=length))
        if random.random() < AMOUNT_SHARE:
            first = min(int(10 ** random.random()), 9)  # Benford's law
            text = str(first) + text[1:] if str(first) in names else text
        return picture_of(text, self.hands, random), text

    def lines(self, seeds: NDArray[np.int64]) -> list[tuple[NDArray[np.uint8], str]]:
        """Return a line for each seed."""
        return [self.line(seed) for seed in seeds.tolist()]


def line_maker(
    digits: tuple[Any, Any] | None,
    n: int,
    random: RandomState,
    *,
    n_digits: tuple[int, int] = (1, 8),
    alphabet: str | None = None,
) -> LineMaker:
    """Return what makes about ``n`` lines; with an alphabet, of its characters only."""
    fewest, most = n_digits
    if not 1 <= fewest <= most:
        raise ValueError(f"n_digits={n_digits} is no range: pass the fewest and the most digits.")
    if digits is None:
        _, rows, labels = local_training_rows()
        names = labels.astype(str)
        if alphabet is not None:
            known = np.isin(names, list(alphabet))
            rows, names = rows[known], names[known]
    else:
        rows, names = _checked_digits(digits, alphabet)
    hands = hands_of(rows, names, 3 * n * (fewest + most), random)
    if n and not hands.by_label:
        raise ValueError(
            "digits contains no row with ink: pass rows of white digits on black, with labels of "
            "the alphabet."
        )
    return LineMaker(hands, n_digits)


def _checked_digits(
    digits: tuple[Any, Any], alphabet: str | None
) -> tuple[NDArray[np.uint8], NDArray[np.str_]]:
    """Return rows and labels; raise a ValueError for a label that is no character."""
    rows, labels = checked_rows(*digits)
    names = labels.astype(str)
    long = [name for name in np.unique(names) if len(name) != 1]
    if long:
        raise ValueError(
            f"digits has the label {str(long[0])!r}: a label of a line's digit is a single "
            "character."
        )
    unknown = [name for name in np.unique(names) if alphabet is not None and name not in alphabet]
    if unknown:
        raise ValueError(
            f"digits has the label {str(unknown[0])!r}, which is not in the alphabet {alphabet!r}: "
            "add it to alphabet, or leave its rows out."
        )
    return rows, names
