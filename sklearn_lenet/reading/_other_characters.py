"""How probable each character is in each place of a line's text, if the rest of it is right."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from ..training import BLANK
from ._ctc import Codes, Probabilities, finite_logarithms

Logarithms = NDArray[np.float64]
"""The logarithms of probabilities."""


def character_probabilities(probabilities: Probabilities, text: Codes) -> NDArray[np.float64]:
    """Return the probability of each character in each place, if the other characters are right.

    The text is compared with those that have another character in that place, or none. The ways
    of all these texts are the same before that place and after it, so each is added up once.

    >>> columns = np.array([[0.1, 0.6, 0.3], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    >>> character_probabilities(columns, (1, 2)).round(6).tolist()
    [[0.6, 0.3], [0.0, 1.0]]
    """
    if not text:
        return np.empty((0, probabilities.shape[1] - 1))
    logarithms = finite_logarithms(probabilities)
    blanks, characters = _ways(
        np.stack([logarithms, logarithms[::-1]], axis=1), np.array([text, text[::-1]])
    )
    # Place k is between the ways that end in a blank or in the character before it, and those that
    # start in a blank or in the character after it.
    blanks_before, before = blanks[:, 0, :-1], characters[:, 0, :-1]
    blanks_after, after = blanks[::-1, 1, -2::-1], characters[::-1, 1, -2::-1]
    left, right = np.array([BLANK, *text[:-1]]), np.array([*text[1:], BLANK])
    any_before = np.logaddexp(blanks_before, before)
    any_after = np.logaddexp(blanks_after, after)

    # A character that repeats its neighbour needs a blank between them.
    every = np.arange(1, probabilities.shape[1])
    begun = np.where(every == left[:, None], blanks_before[..., None], any_before[..., None])
    ended = np.where(every == right[:, None], blanks_after[..., None], any_after[..., None])
    emitted = np.pad(logarithms.cumsum(axis=0), ((1, 0), (0, 0)))[:, None, 1:]
    begun -= emitted
    ways = np.logaddexp.accumulate(begun[:-1], axis=0)
    ways += emitted[1:]
    ways += ended[1:]
    of_characters = np.logaddexp.reduce(ways, axis=0)

    joined = np.where(left == right, blanks_before, any_before) + after
    joined[-1, -1] = any_before[-1, -1]  # nothing is after the last place
    of_none = np.logaddexp.reduce(joined, axis=0)
    shares: NDArray[np.float64] = softmax(np.column_stack([of_characters, of_none]), axis=1)
    return shares[:, :-1]


def _ways(rows: Logarithms, texts: NDArray[np.intp]) -> tuple[Logarithms, Logarithms]:
    """Return the ways through the first columns that spell the beginnings of texts.

    The columns have the shape (columns, texts, symbols): each text has its own. The first array has
    the ways that end in a blank, the second one those that end in a character. Their shape is
    (1 + columns, texts, 1 + characters).
    """
    n_texts, n_characters = texts.shape
    blanks = np.full((1 + len(rows), n_texts, 1 + n_characters), -np.inf)
    characters = blanks.copy()
    blanks[0, :, 0] = 0.0
    may_follow = np.zeros(texts.shape)
    may_follow[:, 1:][texts[:, 1:] == texts[:, :-1]] = -np.inf
    emitted = np.take_along_axis(rows, texts[None], axis=2)
    for column, row in enumerate(rows):
        blank, character = blanks[column], characters[column]
        begun = np.logaddexp(blank[:, :-1], character[:, :-1] + may_follow)
        characters[column + 1, :, 1:] = np.logaddexp(character[:, 1:], begun) + emitted[column]
        blanks[column + 1] = np.logaddexp(blank, character) + row[:, BLANK, None]
    return blanks, characters
