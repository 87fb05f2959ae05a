"""The decision whether a broad piece is one digit or two, as a table of rules."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

SURE = 0.85
"""A label with at least this confidence is taken as right."""

LIKELY = 0.5
"""A piece with less confidence than this is not taken for one digit."""


class Outcome(Enum):
    """What becomes of a piece that may be two digits."""

    CUT = "its parts are the digits"
    ONE_DIGIT = "it is one digit"
    UNCERTAIN = "it is one digit without a label"


class Facts(NamedTuple):
    """What the decision depends on."""

    confidence: float
    """The confidence of the piece as one digit."""
    is_wide: bool
    """Whether it is wider than most single digits."""
    is_too_wide: bool
    """Whether it is wider than every single digit."""
    can_be_cut: bool
    """Whether there is a place where it can be cut."""
    parts_confidence: float
    """The lowest confidence of its parts, cut in the best way; 0 if it cannot be cut."""
    has_plain_stroke: bool
    """Whether one of these parts is a nearly straight line."""

    @property
    def may_be_one(self) -> bool:
        """Whether it may be one digit."""
        return not self.is_too_wide and self.confidence >= LIKELY

    @property
    def parts_are_digits(self) -> bool:
        """Whether its parts are sure, and are not the upstroke and the stem of a 1."""
        is_upstroke = self.may_be_one and self.has_plain_stroke
        return self.parts_confidence >= SURE and not is_upstroke


RULES: list[tuple[str, Callable[[Facts], bool], Outcome]] = [
    (
        "A wide piece with sure parts is two digits.",
        lambda facts: facts.parts_are_digits and facts.is_wide,
        Outcome.CUT,
    ),
    (
        "Of a narrower piece, the parts must be at least as sure as the whole: a 0 that is drawn "
        "too far round has sure parts too.",
        lambda facts: facts.parts_are_digits and facts.parts_confidence >= facts.confidence,
        Outcome.CUT,
    ),
    (
        "A piece that is sure as one digit is one digit.",
        lambda facts: facts.may_be_one and facts.confidence >= SURE,
        Outcome.ONE_DIGIT,
    ),
    (
        "A piece that is not wide, or that cannot be cut, is one digit.",
        lambda facts: facts.may_be_one and not (facts.is_wide and facts.can_be_cut),
        Outcome.ONE_DIGIT,
    ),
    (
        "Every other piece is uncertain.",
        lambda facts: True,  # noqa: ARG005 - the last rule holds for all
        Outcome.UNCERTAIN,
    ),
]
"""The first rule that holds decides."""


def decide(facts: Facts) -> Outcome:
    """Return the outcome of the first rule that holds."""
    return next(outcome for _, holds, outcome in RULES if holds(facts))


def may_be_two(facts: Facts) -> bool:
    """Return whether a piece that is kept as one digit may still be two."""
    return facts.is_wide or facts.can_be_cut or facts.confidence < SURE
