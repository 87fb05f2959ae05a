"""The digits of lines: chosen by label, with European strokes and curls, at the right size."""

import numpy as np
import pytest
from helpers import ONE, SEVEN, ZERO, drawn
from numpy.random import RandomState

from sklearn_lenet.datasets._line_digits import Patch, hands_of, patch, thinned

TWO = drawn(
    ((4, 6), (8, 20)),
    ((4, 14), (18, 20)),
    ((12, 14), (8, 20)),
    ((12, 24), (8, 10)),
    ((22, 24), (8, 20)),
)


def test_digits_are_chosen_by_their_label():
    rows = np.stack([ONE, SEVEN, ZERO])
    hands = hands_of(rows, np.array(["1", "7", "0"]), 100, RandomState(0))
    assert set(hands.by_label) == {"0", "1", "7"}
    random = np.random.default_rng(0)
    for label, row in (("0", ZERO), ("7", SEVEN)):
        np.testing.assert_array_equal(hands.rows[hands.by_label[label][0]], row)
        assert hands.choose(label, random).shape == (28, 28)


def test_ones_get_upstrokes_and_twos_get_curls():
    rows, labels = np.stack([ONE, TWO] * 30), np.array(["1", "2"] * 30)
    hands = hands_of(rows, labels, 100, RandomState(0))
    assert len(hands.by_label["1"]) == 60  # each once as it is, once with an upstroke
    assert 30 < len(hands.by_label["2"]) < 60
    curled = hands.rows[hands.by_label["2"][-1]].reshape(28, 28)
    assert not np.array_equal(curled.ravel(), TWO)
    assert np.abs(curled.astype(int) - TWO.reshape(28, 28)).sum() / 255 < 160


def test_at_most_so_many_rows_are_used_and_blank_rows_are_not():
    rows = np.stack([ZERO] * 50 + [np.zeros(784, dtype=np.uint8)] * 50)
    hands = hands_of(rows, np.array(["0"] * 100), 20, RandomState(0))
    assert 20 <= len(hands.rows) <= 30
    assert hands.rows.max(axis=1).min() > 0


@pytest.mark.parametrize("height", [20, 40])
def test_a_patch_has_about_the_height_of_the_line(height):
    random = np.random.default_rng(0)
    patches = [patch(ZERO.reshape(28, 28), height, 0.0, random) for _ in range(50)]
    heights = [one.ink.shape[0] for one in patches]
    assert np.median(heights) == pytest.approx(height, rel=0.15)
    assert np.abs([one.lowered for one in patches]).max() < 0.3 * height
    assert all(one.ink[0].max() >= 64 and one.ink[:, 0].max() >= 64 for one in patches)


def test_a_slant_moves_the_top_to_the_right():
    random = np.random.default_rng(0)
    leaning = [patch(ONE.reshape(28, 28), 30, 0.7, random).ink for _ in range(20)]
    shifts = [one[:3].mean(axis=0).argmax() - one[-3:].mean(axis=0).argmax() for one in leaning]
    assert np.median(shifts) == pytest.approx(0.7 * 30, rel=0.3)


def test_a_thin_pen_leaves_thin_strokes_as_they_are():
    thick, thin = np.zeros((2, 20, 12), dtype=np.uint8)
    thick[2:18, 2:10] = thin[2:18, 5:7] = 255
    assert (thinned(Patch(thick, 0.0)).ink > 0).sum() == 14 * 6
    assert thinned(Patch(thin, 0.0)).ink is thin


def test_three_of_ten_digits_are_drawn_from_strokes():
    rows, labels = np.stack([ONE, SEVEN] * 50), np.array(["1", "7"] * 50)
    hands = hands_of(rows, labels, 2000, RandomState(0))
    assert {label: len(places) for label, places in hands.drawn.items()} == {"1": 50, "7": 50}
    drawn = {hands.rows[place].tobytes() for place in hands.drawn["7"]}
    random = np.random.default_rng(0)
    chosen = [hands.choose("7", random).tobytes() in drawn for _ in range(1000)]
    assert np.mean(chosen) == pytest.approx(0.3, abs=0.05)


def test_a_character_without_styles_is_never_drawn():
    hands = hands_of(np.stack([ONE] * 20), np.array(["/"] * 20), 2000, RandomState(0))
    assert hands.drawn == {}
    np.testing.assert_array_equal(
        hands.choose("/", np.random.default_rng(0)).ravel(), hands.rows[0]
    )
