"""CTC: probabilities of texts, beam search and places of characters, against all ways."""

from itertools import groupby, product
from re import fullmatch

import numpy as np
import pytest
from numpy.testing import assert_allclose

from sklearn_lenet.reading._ctc import (
    best_matching,
    columns_of,
    likely_texts,
    matching_log_probability,
    text_log_probabilities,
)
from sklearn_lenet.reading._pattern import compiled

COLUMNS, SYMBOLS, ALPHABET = 5, 4, "123"
PATTERNS = ["[12]3*", "1|2{2}", "(12)+", ".{2}", "1?2?3?", "", "(1|23){1,2}", "[^1]*", "3{0}1"]


@pytest.fixture(params=range(3))
def probabilities(request):
    return np.random.default_rng(request.param).dirichlet(np.full(SYMBOLS, 0.6), COLUMNS)


def ways_of(probabilities):
    """Return the probability of each way, by the text that it spells."""
    ways = {}
    for way in product(range(SYMBOLS), repeat=COLUMNS):
        probability = np.prod([row[code] for row, code in zip(probabilities, way, strict=True)])
        text = tuple(code for code, _ in groupby(way) if code)
        ways.setdefault(text, {})[way] = probability
    return ways


def matches(pattern, text):
    return fullmatch(pattern, "".join(ALPHABET[code - 1] for code in text)) is not None


def test_the_probability_of_a_text_is_the_sum_over_all_its_ways(probabilities):
    ways = ways_of(probabilities)
    texts = list(ways)
    expected = [sum(ways[text].values()) for text in texts]
    assert_allclose(np.exp(text_log_probabilities([probabilities], texts)), [expected])
    assert sum(expected) == pytest.approx(1)


def test_views_of_different_length_do_not_change_each_other(probabilities):
    texts = [(), (1,), (2, 2), (3, 1, 2)]
    views = [probabilities, probabilities[:2], probabilities[1:]]
    alone = [text_log_probabilities([view], texts)[0] for view in views]
    assert_allclose(text_log_probabilities(views, texts), alone)


def test_a_text_that_is_too_long_for_the_columns_is_impossible(probabilities):
    assert np.exp(text_log_probabilities([probabilities], [(1, 1, 1, 1)])) == [[0]]


def test_a_long_line_does_not_underflow():
    flat = np.full((5000, 11), 1 / 11)
    assert np.isfinite(text_log_probabilities([flat], [(), tuple(range(1, 11))])).all()


def test_the_beam_search_finds_the_most_probable_text(probabilities):
    ways = ways_of(probabilities)
    best = max(ways, key=lambda text: sum(ways[text].values()))
    assert likely_texts(probabilities, n_beams=50)[0] == best


def test_the_beam_search_goes_through_columns_without_a_likely_character(probabilities):
    none = np.array([1 - 3e-4, 1e-4, 1e-4, 1e-4])  # less than LEAST
    spread = np.concatenate([[row, none, none] for row in probabilities])
    ways = text_log_probabilities([spread], likely_texts(spread))
    assert ways.argmax() == 0
    every = {text for length in range(4) for text in product(range(1, SYMBOLS), repeat=length)}
    every |= set(likely_texts(spread))
    assert ways.max() == text_log_probabilities([spread], list(every)).max()


@pytest.mark.parametrize("expression", PATTERNS)
def test_a_pattern_leaves_the_texts_that_match(probabilities, expression):
    pattern = compiled(expression, ALPHABET)
    ways = ways_of(probabilities)
    sums = {t: sum(w.values()) for t, w in ways.items() if matches(expression, t)}
    found = likely_texts(probabilities, pattern, n_beams=50)
    assert found[0] == max(sums, key=sums.get)
    assert all(matches(expression, text) for text in found)
    assert np.exp(matching_log_probability(probabilities, pattern)) == pytest.approx(
        sum(sums.values())
    )


@pytest.mark.parametrize("expression", PATTERNS)
def test_the_best_single_way_that_matches(probabilities, expression):
    ways = ways_of(probabilities)
    best = {t: max(w.values()) for t, w in ways.items() if matches(expression, t)}
    pattern = compiled(expression, ALPHABET)
    assert best_matching(probabilities, pattern) == max(best, key=best.get)


def test_no_text_of_a_pattern_may_fit_into_the_columns(probabilities):
    pattern = compiled(9, ALPHABET)
    assert best_matching(probabilities, pattern) is None
    assert matching_log_probability(probabilities, pattern) == -np.inf
    assert likely_texts(probabilities, pattern) == []


def test_the_columns_of_a_text_are_those_of_its_best_way(probabilities):
    for text, ways in ways_of(probabilities).items():
        best, expected, column = max(ways, key=ways.get), [], 0
        for code, run in groupby(best):
            length = len(list(run))
            if code:
                expected.append((column, column + length))
            column += length
        assert columns_of(probabilities, text) == expected
