"""Connectionist temporal classification (CTC): from probabilities per column to texts.

In each column of a line there is one symbol: a character, or the blank, which has the code 0. A
way through the columns spells a text: symbols that follow each other unchanged count once, and
blanks are left out. The probability of a text is the sum over all ways that spell it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..training import BLANK
from ._pattern import Pattern

N_BEAMS = 12
"""The number of beginnings of texts that are kept in each column."""

LEAST = 1e-3
"""A character with a smaller probability in a column does not continue a beginning there."""

FAINTEST = 1e-6
"""A beginning with a smaller share of the probability of all is not continued."""

COLUMNS_PER_SCALING = 16
"""Probabilities of ways are divided by their sum after so many columns, against underflow."""

LEAST_PROBABILITY = 1e-300
"""Smaller probabilities count as this one where their logarithms must be finite."""

Codes = tuple[int, ...]
"""A text, as the codes of its characters."""

Probabilities = NDArray[np.float64]
"""The probability of each symbol in each column, of shape (columns, symbols)."""


def text_log_probabilities(
    views: Sequence[Probabilities], texts: Sequence[Codes]
) -> NDArray[np.float64]:
    """Return the logarithm of the probability of each text in each view of a line.

    It is -inf where there are too few columns. The shape is (views, texts).

    >>> half = np.full((2, 2), 0.5)  # two columns; blank or one character
    >>> np.exp(text_log_probabilities([half], [(), (1,), (1, 1)])).round(6).tolist()
    [[0.25, 0.75, 0.0]]
    """
    codes, may_follow, lengths = _characters(texts)
    rows = _of_equal_length(views)
    shape = len(views), len(texts), codes.shape[1] + 1
    # Entry k: the probability of the ways that end in a blank after k characters, or in the k-th
    # character. There is no character for k = 0.
    blanks, characters = np.zeros(shape), np.zeros(shape)
    blanks[..., 0] = 1.0
    logarithms = np.zeros((len(views), len(texts)))
    for start in range(0, len(rows), COLUMNS_PER_SCALING):
        chunk = rows[start : start + COLUMNS_PER_SCALING]
        for row, emitted in zip(chunk, chunk.take(codes, axis=2), strict=True):
            moved = may_follow * characters[..., :-1]
            moved += blanks[..., :-1]
            moved += characters[..., 1:]
            blanks += characters
            blanks *= row[:, BLANK, None, None]
            np.multiply(moved, emitted, out=characters[..., 1:])
        sums = blanks.sum(axis=2) + characters.sum(axis=2)
        with np.errstate(divide="ignore"):
            logarithms += np.log(sums)
        scale = np.where(sums > 0, sums, 1)[..., None]
        blanks /= scale
        characters /= scale
    every = np.arange(len(texts))
    ends = blanks[:, every, lengths] + characters[:, every, lengths]
    with np.errstate(divide="ignore"):
        logarithms += np.log(ends)
    return logarithms


def _of_equal_length(views: Sequence[Probabilities]) -> NDArray[np.float64]:
    """Return views as one array (columns, views, symbols), the shorter ones with blanks after."""
    longest = max(len(view) for view in views)
    rows = np.zeros((longest, len(views), views[0].shape[1]))
    rows[:, :, BLANK] = 1.0
    for k, view in enumerate(views):
        rows[: len(view), k] = view
    return rows


def _characters(
    texts: Sequence[Codes],
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.intp]]:
    """Return the characters of texts, where one may follow without a blank, and the lengths.

    Shorter texts are filled up with blanks. They change no way that ends before them.
    """
    lengths = np.array([len(text) for text in texts], dtype=np.intp)
    codes = np.full((len(texts), max(lengths, default=0)), BLANK, dtype=np.intp)
    for row, text in zip(codes, texts, strict=True):
        row[: len(text)] = text
    may_follow = np.ones(codes.shape)
    may_follow[:, 1:] = codes[:, 1:] != codes[:, :-1]
    return codes, may_follow, lengths


def finite_logarithms(probabilities: Probabilities) -> NDArray[np.float64]:
    """Return the logarithms of probabilities, also of those that are 0."""
    logarithms: NDArray[np.float64] = np.log(np.maximum(probabilities, LEAST_PROBABILITY))
    return logarithms


def likely_texts(
    probabilities: Probabilities, pattern: Pattern | None = None, n_beams: int = N_BEAMS
) -> list[Codes]:
    """Return the most probable texts by a prefix beam search, the most probable first.

    With a pattern, only texts that match it are returned; there may be none.
    """
    # For each beginning: the probability of the ways that end in a blank, and of the others.
    beams: dict[Codes, list[float]] = {(): [1.0, 0.0]}
    places: dict[Codes, int] = {(): 0}
    likely_codes: dict[int, list[int]] = {}
    for column, code in np.argwhere(probabilities[:, 1:] > LEAST).tolist():
        likely_codes.setdefault(column, []).append(code + 1)
    for column, values in enumerate(probabilities.tolist()):
        found = {
            text: [(blank + other) * values[BLANK], other * values[text[-1]] if text else 0.0]
            for text, (blank, other) in beams.items()
        }
        likely = likely_codes.get(column)
        if not likely:
            beams = found
            continue
        for text, (blank, other) in beams.items():
            for code in likely:
                ways = blank if text and code == text[-1] else blank + other
                if ways == 0.0:
                    continue
                longer = (*text, code)
                if longer in found:
                    found[longer][1] += ways * values[code]
                    continue
                if pattern:
                    place = places.get(longer)
                    if place is None:
                        place = pattern.after(places[text], code)
                        if place is None:
                            continue
                        places[longer] = place
                found[longer] = [0.0, ways * values[code]]
        kept = list(found.items())
        if len(kept) > n_beams:
            kept = sorted(kept, key=_minus_probability)[:n_beams]
        total = sum(blank + other for _, (blank, other) in kept) or 1.0
        beams = {
            text: [blank / total, other / total]
            for text, (blank, other) in kept
            if blank + other > FAINTEST * total
        }
    beams = dict(sorted(beams.items(), key=_minus_probability))
    return [text for text in beams if pattern is None or pattern.accepts(places[text])]


def _minus_probability(item: tuple[Codes, Sequence[float]]) -> float:
    """Return the negative probability of a beginning: the most probable one is sorted first."""
    return -sum(item[1])


def matching_log_probability(probabilities: Probabilities, pattern: Pattern) -> float:
    """Return the logarithm of the probability that a text matches a pattern."""
    moves = _moves(pattern, probabilities.shape[1])
    # The probability of the ways to each place, by the last symbol; the blank is the first one.
    ways = np.zeros((len(pattern), probabilities.shape[1]))
    ways[0, BLANK] = 1.0
    logarithm = 0.0
    for row in probabilities:
        all_ways = ways.sum(axis=1)
        # A character that repeats the last one is not a new one.
        new = np.einsum("pc,cpq->qc", all_ways[:, None] - ways[:, 1:], moves)
        ways = np.column_stack([all_ways, new + ways[:, 1:]]) * row
        total = float(ways.sum())
        if total <= 0:
            return -math.inf
        ways, logarithm = ways / total, logarithm + math.log(total)
    end = float(ways[[place for place in range(len(pattern)) if pattern.accepts(place)]].sum())
    return logarithm + math.log(end) if end > 0 else -math.inf


def best_matching(probabilities: Probabilities, pattern: Pattern) -> Codes | None:
    """Return the text of the most probable single way that matches a pattern.

    It is None if there are too few columns for any text of the pattern.
    """
    moves = _moves(pattern, probabilities.shape[1])
    scores = np.full((len(pattern), probabilities.shape[1]), -np.inf)
    scores[0, BLANK] = 0.0
    steps = []
    with np.errstate(divide="ignore"):
        logarithms = np.log(probabilities)
    for row in logarithms:
        scores, sources = _best_step(scores, moves)
        scores = scores + row
        steps.append(sources)
    scores[[not pattern.accepts(place) for place in range(len(pattern))]] = -np.inf
    if scores.max(initial=-np.inf) == -np.inf:
        return None
    place, code = (int(k) for k in np.unravel_index(scores.argmax(), scores.shape))
    codes: list[int] = []
    for sources in reversed(steps):
        before = int(sources[place, code, 0]), int(sources[place, code, 1])
        if code != BLANK and before != (place, code):  # else the character goes on
            codes.append(code)
        place, code = before
    return tuple(reversed(codes))


def _moves(pattern: Pattern, n_symbols: int) -> NDArray[np.float64]:
    """Return 1 where a character leads from a place to another: (characters, places, places)."""
    moves = np.zeros((n_symbols - 1, len(pattern), len(pattern)))
    for place in range(len(pattern)):
        for code in range(1, n_symbols):
            target = pattern.after(place, code)
            if target is not None:
                moves[code - 1, place, target] = 1.0
    return moves


def _best_step(
    best: NDArray[np.float64], moves: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return the best score of each state after a step, and the state that it comes from."""
    n_places, n_symbols = best.shape
    after = np.full_like(best, -np.inf)
    sources = np.zeros((n_places, n_symbols, 2), dtype=np.intp)
    ranks = np.argsort(-best, axis=1, kind="stable")
    for place in range(n_places):
        first = ranks[place, 0]
        if best[place, first] == -np.inf:
            continue
        if best[place, first] > after[place, BLANK]:
            after[place, BLANK], sources[place, BLANK] = best[place, first], (place, first)
        for code in range(1, n_symbols):
            if best[place, code] > after[place, code]:  # the character goes on
                after[place, code], sources[place, code] = best[place, code], (place, code)
            source = ranks[place, 1] if first == code else first
            for target in np.flatnonzero(moves[code - 1, place]):
                if best[place, source] > after[target, code]:
                    after[target, code], sources[target, code] = (
                        best[place, source],
                        (place, source),
                    )
    return after, sources


def columns_of(probabilities: Probabilities, text: Codes) -> list[tuple[int, int]]:
    """Return the first column of each character and the one behind its last, on the best way.

    >>> sure = np.eye(3)[[0, 1, 1, 0, 2]]
    >>> columns_of(sure, (1, 2))
    [(1, 3), (4, 5)]
    """
    if not text:
        return []
    states = np.full(2 * len(text) + 1, BLANK)
    states[1::2] = text
    may_skip = np.zeros(len(states), dtype=bool)
    may_skip[3::2] = states[3::2] != states[1:-2:2]
    emitted = finite_logarithms(probabilities)[:, states]
    # The best score of each state in each column, after two that do not exist.
    scores = np.full((len(emitted), 2 + len(states)), -np.inf)
    scores[0, 2:4] = emitted[0, :2]
    not_skipped = np.where(may_skip, 0.0, -np.inf)
    for before, after, row in zip(scores[:-1], scores[1:, 2:], emitted[1:], strict=True):
        np.add(before[:-2], not_skipped, out=after)
        np.maximum(after, before[1:-1], out=after)
        np.maximum(after, before[2:], out=after)
        after += row
    ways = np.stack([scores[:-1, 2:], scores[:-1, 1:-1], scores[:-1, :-2] + not_skipped])
    sources = ways.argmax(axis=0).tolist()
    state = len(states) - (1 if scores[-1, -1] >= scores[-1, -2] else 2)
    places: list[list[int]] = [[] for _ in text]
    for column in range(len(emitted) - 1, -1, -1):
        if state % 2:
            places[state // 2].append(column)
        if column:
            state -= sources[column - 1][state]
    return [(place[-1], place[0] + 1) for place in places]
