"""From the net's probabilities of a line to its text, and how sure that text and each digit is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ._ctc import (
    Codes,
    Probabilities,
    best_matching,
    columns_of,
    likely_texts,
    matching_log_probability,
    text_log_probabilities,
)
from ._other_characters import character_probabilities
from ._pattern import Pattern


class Decoded(NamedTuple):
    """The most probable text of a line."""

    text: Codes | None
    """The codes of the text; None if no text of the pattern fits into the line."""
    probability: float
    """The probability of the text among all texts, or among those that match the pattern."""
    of_places: NDArray[np.float64]
    """For each place of the text: the probability of each character, if the others are right.

    The shape is (places, characters). A row sums to 1 with the probability of no character.
    """
    of_more: NDArray[np.float64]
    """For each place of the text: the probability that there is more than one character."""
    view: int
    """The view in which the text is most probable."""
    columns: list[tuple[int, int]]
    """The first column of each character in that view, and the one behind its last."""


def decoded(views: list[Probabilities], pattern: Pattern | None = None) -> Decoded:
    """Return the text that is most probable in the mean of several views of a line."""
    candidates = list(dict.fromkeys(t for view in views for t in likely_texts(view, pattern)))
    if pattern and not candidates:
        found = (best_matching(view, pattern) for view in views)
        candidates = [text for text in dict.fromkeys(found) if text is not None]
    if not candidates:
        return Decoded(None, 0.0, np.empty((0, views[0].shape[1] - 1)), np.empty(0), 0, [])
    logarithms = text_log_probabilities(views, candidates)
    if pattern:
        all_matching = np.array([matching_log_probability(view, pattern) for view in views])
        # A view in which no text matches counts as if none were probable there.
        all_matching[np.isneginf(all_matching)] = 0.0
        logarithms -= all_matching[:, None]
    probabilities = np.exp(logarithms).mean(axis=0)
    best = int(probabilities.argmax())
    text, view = candidates[best], int(logarithms[:, best].argmax())
    return Decoded(
        text,
        min(float(probabilities[best]), 1.0),
        character_probabilities(views[view], text),
        probabilities_of_more(text, candidates, probabilities),
        view,
        columns_of(views[view], text),
    )


def probabilities_of_more(
    text: Codes, candidates: list[Codes], probabilities: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return for each place of a text how probable the candidates with more characters there are.

    A longer candidate counts for the two places between which it begins to differ from the text.

    >>> probabilities_of_more((1, 7), [(1, 7), (1, 1, 7), (2,)], np.array([0.7, 0.2, 0.1])).tolist()
    [0.2, 0.2]
    >>> probabilities_of_more((1, 7), [(1, 7), (1, 7, 2)], np.array([0.7, 0.2])).tolist()
    [0.0, 0.2]
    """
    of_more = np.zeros(len(text))
    for other, probability in zip(candidates, probabilities.tolist(), strict=True):
        if len(other) > len(text):
            differs = (one != two for one, two in zip(text, other, strict=False))
            same = next((k for k, found in enumerate(differs) if found), len(text))
            of_more[max(same - 1, 0) : same + 1] += probability
    return of_more
