"""PageReader: the ink of a page, the model and the settings; it reads the pieces of the page."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from ..datasets import NO_DIGIT
from ..images import Ink, normalised
from ._digit import CUT, JOINED, MAYBE_NOT_A_DIGIT, TOUCHING, UNCERTAIN, Digit, with_flags
from ._one_or_two import SURE, Facts, Outcome, decide, may_be_two
from ._piece import Box, Piece
from ._piece_shape import (
    has_more_loops,
    is_broad,
    is_plain_stroke,
    is_too_wide,
    is_wide,
    joined_halves,
)
from ._touching_digits import partitions

DOUBTED = 0.05
"""A digit is flagged if the probability that it is not a digit is higher than this.

It counts for models without ``novelty_score``.
"""

PADDING = 3
"""Pixels of background around a piece when it is brought to MNIST's form."""

Way = list[Piece]
"""One way to cut a piece: its parts."""


def labelled(model: Any, probabilities: NDArray[np.float32]) -> tuple[Any, float, frozenset[str]]:
    """Return the most probable digit, its probability, and its flags.

    The label is "?" if the model is sure that it is not a digit. It is flagged then, and, for
    models without ``novelty_score``, if the model doubts that it is a digit.
    """
    is_non_digit = model.classes_.astype(str) == str(NO_DIGIT)
    of_digits = np.where(is_non_digit, 0, probabilities)
    non_digit, best = float(probabilities[is_non_digit].sum()), of_digits.argmax()
    label = UNCERTAIN if non_digit >= SURE else model.classes_[best]
    doubted = label == UNCERTAIN or (non_digit > DOUBTED and not _knows_novelty(model))
    return label, float(of_digits[best]), frozenset({MAYBE_NOT_A_DIGIT} if doubted else ())


def flag_strange(model: Any, digits: list[Digit]) -> list[Digit]:
    """Flag the digits whose novelty is above the model's threshold, if it has one."""
    if not digits or not _knows_novelty(model):
        return digits
    rows = np.stack([digit.image for digit in digits]).reshape(len(digits), -1)
    *before, last = _steps(model)
    for step in before:
        if step not in (None, "passthrough"):
            rows = step.transform(rows)
    strange = last.novelty_score(rows) > last.novelty_threshold_
    return [
        with_flags(digit, MAYBE_NOT_A_DIGIT) if is_strange else digit
        for digit, is_strange in zip(digits, strange, strict=True)
    ]


def _knows_novelty(model: Any) -> bool:
    return hasattr(_steps(model)[-1], "novelty_threshold_")


def _steps(model: Any) -> list[Any]:
    return [step for _, step in model.steps] if isinstance(model, Pipeline) else [model]


class PageReader:
    """The ink of a level page, the model that reads it, and the stroke width of its images."""

    def __init__(self, ink: Ink, model: Any, stroke_width: float) -> None:
        self.ink, self.model, self.stroke_width = ink, model, stroke_width

    def read(self, pieces: list[Piece]) -> list[Digit]:
        """Return the digits of the pieces: halves joined, touching digits cut.

        The model predicts once for all pieces, once for all halves and once for all parts; only a
        piece that is joined from three needs one more prediction.
        """
        pieces, digits = self._join_halves(pieces, self.label(pieces))
        digits = [
            with_flags(digit, TOUCHING) if has_more_loops(digit.image, digit.label) else digit
            for digit in digits
        ]
        doubtful = [
            k
            for k, (piece, digit) in enumerate(zip(pieces, digits, strict=True))
            if is_broad(piece) or digit.label == UNCERTAIN
        ]
        settled = self._settle([pieces[k] for k in doubtful], [digits[k] for k in doubtful])
        by_piece = {k: [digit] for k, digit in enumerate(digits)}
        by_piece |= dict(zip(doubtful, settled, strict=True))
        return flag_strange(self.model, [digit for found in by_piece.values() for digit in found])

    def label(self, pieces: list[Piece]) -> list[Digit]:
        """Return the model's prediction for each piece."""
        if not pieces:
            return []
        images = np.stack([self._image(piece) for piece in pieces])
        probabilities = self.model.predict_proba(images.reshape(len(images), -1))
        digits = []
        for piece, row, image in zip(pieces, probabilities, images, strict=True):
            label, confidence, flags = labelled(self.model, row)
            digits.append(Digit(label, confidence, piece.box, row, piece.line, flags, image))
        return digits

    def _image(self, piece: Piece) -> NDArray[np.uint8]:
        """Return a piece in MNIST's form, without the ink of its neighbours."""
        box, (height, width) = piece.box, self.ink.shape
        rows = slice(max(box.top - PADDING, 0), min(box.bottom + PADDING, height))
        columns = slice(max(box.left - PADDING, 0), min(box.right + PADDING, width))
        mask = np.zeros((rows.stop - rows.start, columns.stop - columns.start), dtype=bool)
        top, left = box.top - rows.start, box.left - columns.start
        mask[top : top + piece.height, left : left + piece.width] = piece.mask
        return normalised(self.ink[rows, columns], mask, self.stroke_width)[1]

    def _join_halves(
        self, pieces: list[Piece], digits: list[Digit]
    ) -> tuple[list[Piece], list[Digit]]:
        """Return the pieces and digits with neighbours joined that are surely one digit."""
        candidates = [joined_halves(first, second) for first, second in pairwise(pieces)]
        labels = iter(self.label([piece for piece in candidates if piece]))
        wholes = [(piece, next(labels)) if piece else None for piece in candidates]
        pieces, digits = pieces.copy(), digits.copy()
        joined_last = False
        for k in reversed(range(len(pieces) - 1)):
            whole = wholes[k]
            if joined_last:  # the right neighbour is another piece now
                piece = joined_halves(pieces[k], pieces[k + 1])
                whole = (piece, self.label([piece])[0]) if piece else None
            joined_last = False
            if whole is None:
                continue
            piece, digit = whole
            surer = digit.confidence > min(digits[k].confidence, digits[k + 1].confidence)
            if digit.confidence >= SURE and (surer or not is_broad(piece)):
                pieces[k : k + 2], digits[k : k + 2] = [piece], [with_flags(digit, JOINED)]
                joined_last = True
        return pieces, digits

    def _settle(self, pieces: list[Piece], digits: list[Digit]) -> list[list[Digit]]:
        """Return the digits of each piece that may be two digits, or may not be a digit."""
        ways_of = [partitions(piece) for piece in pieces]
        parts_of = [{part.box: part for way in ways for part in way} for ways in ways_of]
        labels = iter(self.label([part for parts in parts_of for part in parts.values()]))
        settled = []
        for piece, digit, ways, parts in zip(pieces, digits, ways_of, parts_of, strict=True):
            read = {box: next(labels) for box in parts}
            settled.append(_settle_one(piece, digit, ways, read))
        return settled


def _settle_one(piece: Piece, whole: Digit, ways: list[Way], read: dict[Box, Digit]) -> list[Digit]:
    """Return the parts of a piece, or the whole, or the whole without a label."""

    def lowest_confidence(way: Way) -> float:
        return min(read[part.box].confidence for part in way)

    best = max(ways, key=lowest_confidence, default=[])
    facts = Facts(
        confidence=whole.confidence,
        is_wide=is_wide(piece),
        is_too_wide=is_too_wide(piece),
        can_be_cut=bool(ways),
        parts_confidence=lowest_confidence(best) if best else 0.0,
        has_plain_stroke=any(is_plain_stroke(part) for part in best),
    )
    outcome = decide(facts)
    if outcome is Outcome.CUT:
        return [with_flags(read[part.box], CUT) for part in best]
    if outcome is Outcome.ONE_DIGIT:
        return [with_flags(whole, TOUCHING) if may_be_two(facts) else whole]
    return [with_flags(whole._replace(label=UNCERTAIN), TOUCHING)]
