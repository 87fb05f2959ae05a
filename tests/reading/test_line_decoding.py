"""Decoding: the text of several views, with a pattern, and how sure each digit is."""

import numpy as np
import pytest

from sklearn_lenet.reading._ctc import text_log_probabilities
from sklearn_lenet.reading._line_decoding import decoded
from sklearn_lenet.reading._pattern import compiled


def view(*columns):
    """Return probabilities of a blank and of two characters."""
    return np.array(columns, dtype=float)


SURE_1 = view([0.9, 0.05, 0.05], [0.02, 0.97, 0.01], [0.9, 0.05, 0.05])
RATHER_2 = view([0.9, 0.05, 0.05], [0.1, 0.4, 0.5], [0.9, 0.05, 0.05])


def probability(view, text):
    return float(np.exp(text_log_probabilities([view], [text]))[0, 0])


def test_the_text_is_the_best_in_the_mean_of_the_views():
    found = decoded([SURE_1, RATHER_2])
    assert found.text == (1,)
    mean = (probability(SURE_1, (1,)) + probability(RATHER_2, (1,))) / 2
    assert found.probability == pytest.approx(mean)
    assert found.view == 0
    assert found.columns == [(1, 2)]


def test_with_a_pattern_the_probability_is_that_among_its_texts():
    found = decoded([RATHER_2], compiled(1, "12"))
    one, two = (probability(RATHER_2, (code,)) for code in (1, 2))
    assert found.text == (2,)
    assert found.probability == pytest.approx(two / (one + two))


def test_a_text_of_the_pattern_is_found_even_if_it_is_improbable():
    sure_of_none = view([1, 0, 0], [1 - 2e-9, 1e-9, 1e-9], [1, 0, 0])
    found = decoded([sure_of_none], compiled("2", "12"))
    assert found.text == (2,)
    assert found.probability == pytest.approx(1)


def test_no_text_of_the_pattern_fits():
    found = decoded([SURE_1], compiled(5, "12"))
    assert found.text is None
    assert found.probability == 0


def test_a_blank_line_is_an_empty_text():
    found = decoded([view([0.9, 0.1, 0], [0.9, 0.1, 0])])
    assert found.text == ()
    assert found.probability == pytest.approx(0.81)
    assert found.of_places.shape == (0, 2)
    assert found.columns == []


def test_more_characters_count_where_a_longer_text_differs():
    # The first column is a one or blank; the second a two.
    one_or_none = view([0.4, 0.6, 0.0], [0.0, 0.0, 1.0])
    found = decoded([one_or_none])
    assert found.text == (1, 2)
    assert found.of_more.tolist() == [0.0, 0.0]
    found = decoded([view([0.6, 0.4, 0.0], [0.0, 0.0, 1.0])])
    assert found.text == (2,)
    assert found.of_more == pytest.approx([0.4])
    assert decoded([view([1.0, 0.0, 0.0])]).of_more.tolist() == []
