"""Patterns: which texts they accept, and the errors for what they are not."""

from itertools import product
from re import fullmatch

import pytest

from sklearn_lenet.reading._pattern import MOST_PLACES, compiled

ALPHABET = "0123456789"


def accepts(pattern, text):
    place = 0
    for character in text:
        place = pattern.after(place, 1 + ALPHABET.index(character))
        if place is None:
            return False
    return pattern.accepts(place)


@pytest.mark.parametrize(
    "expression",
    [
        r"\d{2,3}",
        "1*2",
        "1+|22?",
        "[1-3][^1-8]",
        "(0|12)*",
        "1{,2}",
        "2{1,}",
        "^12$",
        "(?:12){2}",
        "",
    ],
)
def test_a_pattern_accepts_what_python_matches(expression):
    pattern = compiled(expression, ALPHABET)
    texts = ["".join(text) for n in range(5) for text in product("0129", repeat=n)]
    assert {t for t in texts if accepts(pattern, t)} == {
        t for t in texts if fullmatch(expression, t)
    }


def test_a_number_is_a_number_of_characters():
    pattern = compiled(2, ALPHABET)
    assert [accepts(pattern, text) for text in ("", "1", "12", "123")] == [
        False,
        False,
        True,
        False,
    ]
    assert accepts(compiled(0, ALPHABET), "")
    assert compiled(None, ALPHABET) is None


def test_a_beginning_without_an_end_is_dropped():
    # No character of the alphabet is left for [^...], so nothing can follow the 1.
    pattern = compiled("1[^0-9]|2", ALPHABET)
    assert pattern.after(0, 2) is None
    assert pattern.after(0, 3) is not None


@pytest.mark.parametrize(
    ("pattern", "error", "message"),
    [
        (1.5, TypeError, "pattern=1.5 is of type float"),
        (True, TypeError, "pattern=True is of type bool"),
        (-1, ValueError, "pattern=-1 is a negative number of characters"),
        (r"(\d{1000}){3}", ValueError, f"more than {MOST_PLACES:,} places"),
    ],
)
def test_errors(pattern, error, message):
    with pytest.raises(error, match=message.replace("(", r"\(")):
        compiled(pattern, ALPHABET)
