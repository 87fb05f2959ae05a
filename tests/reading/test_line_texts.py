"""The texts of lines: strings and integers, codes, and characters outside of the alphabet."""

import numpy as np
import pandas as pd
import pytest

from sklearn_lenet.reading._line_texts import are_integers, as_integers, codes_of, texts_of


@pytest.mark.parametrize(
    "y", [["12", "0"], [12, 0], [12.0, 0.0], np.array([12, 0]), pd.Series(["12", "0"])]
)
def test_texts_are_strings(y):
    assert texts_of(y) == ["12", "0"]


def test_leading_zeros_of_strings_stay():
    assert texts_of(["007", ""]) == ["007", ""]


def test_integers_are_given_and_expected_back():
    assert are_integers([1, 2])
    assert are_integers(np.array([1.0]))
    assert not are_integers(["1", "2"])
    found = as_integers(["12", "007", "", "?", "1,5", "9" * 30])
    assert found.tolist() == [12, 7, -1, -1, -1, -1]
    assert found.dtype == np.int64


def test_codes_begin_with_one():
    assert [codes.tolist() for codes in codes_of(["02", ""], "012")] == [[1, 3], []]
    assert codes_of([""], "012")[0].dtype == np.int64


def test_a_fraction_is_no_text():
    with pytest.raises(ValueError, match=r"^y contains 1.5: the text of a line is a string or an"):
        texts_of([1.0, 1.5])


def test_the_first_unknown_character_is_named():
    with pytest.raises(
        ValueError, match=r"^y contains '1,5-', whose ',' is not in the alphabet '15'"
    ):
        codes_of(["15", "1,5-", "x"], "15")
