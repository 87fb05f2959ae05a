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
from ._pattern import Pattern


class Decoded(NamedTuple):
    """The most probable text of a line."""

    text: Codes | None
    """The codes of the text; None if no text of the pattern fits into the line."""
    probability: float
    """The probability of the text among all texts, or among those that match the pattern."""
    of_digits: list[float]
    """For each character: how probable it is, if the other characters are right."""
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
        return Decoded(None, 0.0, [], 0, [])
    logarithms = np.stack([text_log_probabilities(view, candidates) for view in views])
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
        character_probabilities(views[view], text).tolist(),
        view,
        columns_of(views[view], text),
    )


def character_probabilities(probabilities: Probabilities, text: Codes) -> NDArray[np.float64]:
    """Return the probability of each character of a text, if the other characters are right.

    The text is compared with those that have another character in that place, or none.
    """
    codes = range(1, probabilities.shape[1])
    variants = [
        [text]
        + [(*text[:k], code, *text[k + 1 :]) for code in codes if code != own]
        + [(*text[:k], *text[k + 1 :])]
        for k, own in enumerate(text)
    ]
    if not variants:
        return np.empty(0)
    flat = [variant for of_place in variants for variant in of_place]
    logarithms = text_log_probabilities(probabilities, flat).reshape(len(text), -1)
    shares = np.exp(logarithms - logarithms.max(axis=1, keepdims=True))
    own: NDArray[np.float64] = shares[:, 0] / shares.sum(axis=1)
    return own
