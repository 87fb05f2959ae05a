"""The table of rules: which one decides for which facts."""

import pytest

from sklearn_lenet.reading._one_or_two import RULES, Facts, Outcome, decide, may_be_two

NARROW = Facts(
    confidence=0.9,
    is_wide=False,
    is_too_wide=False,
    can_be_cut=False,
    parts_confidence=0.0,
    has_plain_stroke=False,
)
WIDE = NARROW._replace(is_wide=True, can_be_cut=True, parts_confidence=0.9)

CASES = {
    "a wide piece with sure parts": (WIDE, 0),
    "the same, without confidence as one digit": (WIDE._replace(confidence=0.1), 0),
    "a wide 1 with a long upstroke": (WIDE._replace(has_plain_stroke=True), 2),
    "too wide for a 1 with an upstroke": (
        WIDE._replace(has_plain_stroke=True, is_too_wide=True),
        0,
    ),
    "wide, unlikely as one digit, with a plain stroke": (
        WIDE._replace(has_plain_stroke=True, confidence=0.4),
        0,
    ),
    "not wide, parts as sure as the whole": (WIDE._replace(is_wide=False), 1),
    "not wide, parts less sure than the whole": (WIDE._replace(is_wide=False, confidence=0.95), 2),
    "sure, no place to cut": (NARROW, 2),
    "wide and sure, parts unsure": (WIDE._replace(parts_confidence=0.8), 2),
    "not wide, likely, parts unsure": (
        WIDE._replace(is_wide=False, confidence=0.7, parts_confidence=0.8),
        3,
    ),
    "wide, likely, no place to cut": (NARROW._replace(is_wide=True, confidence=0.7), 3),
    "wide, likely, parts unsure": (WIDE._replace(confidence=0.8, parts_confidence=0.8), 4),
    "too wide, sure as one digit, no place to cut": (
        NARROW._replace(is_wide=True, is_too_wide=True),
        4,
    ),
    "unlikely as one digit, no place to cut": (NARROW._replace(confidence=0.4), 4),
}


@pytest.mark.parametrize("case", CASES)
def test_the_first_rule_that_holds_decides(case):
    facts, rule = CASES[case]
    assert [holds(facts) for _, holds, _ in RULES].index(True) == rule
    assert decide(facts) is RULES[rule][2]


def test_each_rule_has_a_case_and_each_outcome_a_rule():
    assert {rule for _, rule in CASES.values()} == set(range(len(RULES)))
    assert {outcome for _, _, outcome in RULES} == set(Outcome)


@pytest.mark.parametrize(
    ("changes", "flagged"),
    [({}, False), ({"is_wide": True}, True), ({"can_be_cut": True}, True),
     ({"confidence": 0.84}, True), ({"confidence": 0.85}, False)],
)  # fmt: skip
def test_a_whole_that_may_be_two_is_flagged(changes, flagged):
    assert may_be_two(NARROW._replace(**changes)) is flagged
