"""Digit: what `read_digits` knows about one digit of a picture."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ._piece import Box

UNCERTAIN = "?"
"""The label of a digit that was not recognised."""

TOUCHING = "touching"
"""The flag of a digit that may be two touching digits."""

CUT = "cut"
"""The flag of a digit that was cut off another one."""

JOINED = "joined"
"""The flag of a digit that was joined from two pieces."""

DISAGREE = "readers-disagree"
"""The flag of a digit to which the line reader and the classifier give different labels."""

MAYBE_NOT_A_DIGIT = "maybe-not-a-digit"
"""The flag of a digit that the model doubts to be a digit."""


class Digit(NamedTuple):
    """One digit of a picture.

    Parameters
    ----------
    label : object
        The most probable digit; "?" if it is less probable than ``min_confidence``, if it may be
        two digits, or if the model is sure that it is not a digit.
    confidence : float
        The probability of the most probable digit.
    box : Box
        Its place in the picture: ``left``, ``top``, ``right`` and ``bottom`` in pixels.
    probabilities : ndarray of shape (n_classes,)
        The probability of each label, in the order of the model's ``classes_``.
    line : int
        The line of text that it is in, counted from 0.
    flags : frozenset of str
        Why the digit should be reviewed: "touching" if it may be two digits, "cut" if it was cut
        off another digit, "joined" if it was joined from two pieces, "readers-disagree" if the
        line reader and the model give it different labels, "maybe-not-a-digit" if its
        ``novelty_score`` is above the model's threshold, or, for models without one, if the
        model doubts that it is a digit.
    image : ndarray of shape (28, 28), uint8
        The image that the model was given.

    See Also
    --------
    read_digits : Returns a list of them.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_lenet import Digit
    >>> image = np.zeros((28, 28), dtype=np.uint8)
    >>> box, probabilities = (10, 12, 40, 50), np.array([0.2, 0.8])
    >>> digit = Digit("7", 0.8, box, probabilities, 0, frozenset({"touching"}), image)
    >>> digit.label, digit.needs_review
    ('7', True)
    """

    label: Any
    confidence: float
    box: Box
    probabilities: NDArray[np.float32]
    line: int
    flags: frozenset[str]
    image: NDArray[np.uint8]

    @property
    def needs_review(self) -> bool:
        """Whether there is a flag."""
        return bool(self.flags)


def with_flags(digit: Digit, *flags: str) -> Digit:
    """Return a digit with more flags."""
    return digit._replace(flags=digit.flags.union(flags))
