"""The syntax of patterns: the parts of an expression, and where it cannot be read."""

import pytest

from sklearn_lenet.reading._pattern_syntax import Choice, OneOf, Repeat, Sequence, parse


def one(characters):
    return OneOf(frozenset(characters))


@pytest.mark.parametrize(
    ("expression", "part"),
    [
        ("1", one("1")),
        (".", one("12.")),
        (r"\.", one(".")),
        (r"\d", one("12")),
        ("[.1]", one(".1")),
        ("[^1]", one("2.")),
        ("12", Sequence([one("1"), one("2")])),
        ("1|2", Choice([one("1"), one("2")])),
        ("1|", Choice([one("1"), Sequence([])])),
        ("(12)*", Repeat(Sequence([one("1"), one("2")]), 0, None)),
        ("1?", Repeat(one("1"), 0, 1)),
        ("1{3,}", Repeat(one("1"), 3, None)),
        ("1{,3}", Repeat(one("1"), 0, 3)),
    ],
)
def test_parts(expression, part):
    assert parse(expression, "12.") == part


@pytest.mark.parametrize(
    ("expression", "place", "reason"),
    [
        ("(1", 3, "a ) is missing"),
        ("[1", 3, "it ends too early"),
        ("1{", 3, "{ needs one or two numbers and }"),
        ("1{a}", 3, "{ needs one or two numbers and }"),
        ("1{2,1}", 3, "{2,1} is no range of counts up to 1000"),
        ("1{1001}", 3, "{1001} is no range of counts up to 1000"),
        ("*1", 1, "'*' is not expected"),
        ("1)", 2, "')' is not expected"),
        ("3", 2, "'3' is not in the alphabet '12.'"),
        (r"\w", 3, r"\w is not supported"),
        ("(?=1)", 3, "(? is not supported"),
        ("\\", 2, "it ends too early"),
    ],
)
def test_errors_name_the_place_and_the_reason(expression, place, reason):
    with pytest.raises(ValueError, match="cannot be read") as caught:
        parse(expression, "12.")
    start = f"pattern={expression!r} cannot be read at character {place}: {reason}; use characters"
    assert str(caught.value).startswith(start)
