"""Other characters in a place of a text: compared with each of these texts by itself."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.testing import assert_allclose

from sklearn_lenet.reading._ctc import text_log_probabilities
from sklearn_lenet.reading._other_characters import character_probabilities

N_CHARACTERS = 4
TEXTS = [(2,), (1, 2), (3, 3), (1, 2, 1), (4, 1, 1, 1), (2, 3, 2, 2, 3)]


def one_by_one(probabilities, text):
    """Return the shares of the texts that have another character in a place, or none."""
    shares = []
    for place in range(len(text)):
        others = [*((code,) for code in range(1, N_CHARACTERS + 1)), ()]
        texts = [(*text[:place], *other, *text[place + 1 :]) for other in others]
        (logarithms,) = text_log_probabilities([probabilities], texts)
        of_texts = np.exp(logarithms)
        shares.append(of_texts[:-1] / of_texts.sum())
    return shares


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("n_more", [0, 1, 20])
@pytest.mark.parametrize("spread", [0.05, 1])
def test_each_character_is_compared_with_all_others_and_with_none(text, n_more, spread):
    repeats = sum(one == two for one, two in pairwise(text))
    n_columns = len(text) + repeats + n_more  # at least as many as the text needs
    rng = np.random.default_rng(n_columns)
    drawn = rng.dirichlet(np.full(1 + N_CHARACTERS, spread), n_columns)
    probabilities = 0.99 * drawn + 0.01 / (1 + N_CHARACTERS)
    assert_allclose(
        character_probabilities(probabilities, text), one_by_one(probabilities, text), rtol=1e-9
    )


def test_values_that_are_known_by_hand():
    one_column = np.array([[0.1, 0.4, 0.5]])
    assert_allclose(character_probabilities(one_column, (2,)), [[0.4, 0.5]])
    # "11" needs a blank between the ones, so the second place is a two or nothing.
    two_columns = np.array([[0.0, 1.0, 0.0], [0.0, 0.5, 0.5]])
    assert_allclose(character_probabilities(two_columns, (1, 2)), [[1, 0], [0, 0.5]], atol=1e-12)


def test_a_text_without_characters_has_no_places():
    assert character_probabilities(np.full((3, 5), 0.2), ()).shape == (0, N_CHARACTERS)


def test_a_text_that_is_nearly_impossible_has_shares():
    never_2 = np.tile([1 - 2e-200, 1e-200, 1e-200], (40, 1))
    shares = character_probabilities(never_2, (2, 1, 2))
    assert np.isfinite(shares).all()
    assert_allclose(shares[1], [0, 0], atol=1e-100)  # more probably, nothing is there


def test_a_long_line_has_the_shares_of_its_parts():
    rng = np.random.default_rng(0)
    part = np.pad(rng.dirichlet(np.full(N_CHARACTERS, 0.5), 20), ((0, 0), (0, 1)))
    end = np.eye(1 + N_CHARACTERS)[-1:]  # the last character is only where parts end
    text = (1, 3, 2, N_CHARACTERS)
    line = np.concatenate([part, end] * 50)
    shares = character_probabilities(line, text * 50).reshape(50, 4, N_CHARACTERS)
    alone = character_probabilities(np.concatenate([part, end]), text)
    assert_allclose(shares[:, :3], np.tile(alone[:3], (50, 1, 1)), rtol=1e-9, atol=1e-99)
