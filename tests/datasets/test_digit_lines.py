"""make_digit_lines: texts, processes, own digits, and errors."""

import time

import numpy as np
import pytest
from helpers import ONE, SEVEN, ZERO

from sklearn_lenet import make_digit_lines
from sklearn_lenet.datasets import line_maker
from sklearn_lenet.datasets._digit_lines import LineMaker

DIGITS = np.stack([ONE, SEVEN, ZERO]), [1, 7, 0]


def test_texts_are_written_with_the_given_digits():
    pictures, labels = make_digit_lines(50, DIGITS, n_digits=(2, 4), random_state=0)
    assert len(pictures) == len(labels) == 50
    assert labels.dtype.kind == "U"
    assert set("".join(labels)) == {"0", "1", "7"}
    assert {len(label) for label in labels} == {2, 3, 4}


def test_lines_depend_on_the_seed_and_not_on_the_number_of_processes():
    lines = [
        make_digit_lines(300, DIGITS, n_jobs=n_jobs, random_state=seed)
        for n_jobs, seed in ((None, 0), (2, 0), (None, 1))
    ]
    assert lines[0][1].tolist() == lines[1][1].tolist() != lines[2][1].tolist()
    for one, same in zip(lines[0][0], lines[1][0], strict=True):
        np.testing.assert_array_equal(one, same)


def test_without_digits_scikit_learns_or_mnists_are_used():
    _, labels = make_digit_lines(60, random_state=0)
    assert set("".join(labels)) == set("0123456789")


def test_no_line_is_no_error():
    pictures, labels = make_digit_lines(0, DIGITS, random_state=0)
    assert pictures == []
    assert labels.shape == (0,)


def test_characters_of_an_alphabet_only():
    maker = line_maker(None, 10, np.random.RandomState(0), alphabet="37")
    assert set(maker.hands.by_label) == {"3", "7"}


def test_half_of_the_numbers_begin_as_amounts_do():
    rows = np.tile(DIGITS[0][:1], (10, 1))
    hands = line_maker((rows, list("0123456789")), 10, np.random.RandomState(0)).hands
    maker = LineMaker(hands, (1, 3))
    first = "".join(maker.line(seed)[1][0] for seed in range(1500))
    # Half of the lines are uniform over ten digits, half follow Benford's law: log10(1 + 1 / d).
    for digit in (1, 5, 9):
        expected = 0.5 * 0.1 + 0.5 * np.log10(1 + 1 / digit)
        assert first.count(str(digit)) / 1500 == pytest.approx(expected, abs=0.035)
    assert first.count("0") / 1500 == pytest.approx(0.05, abs=0.02)


def test_the_global_random_state_is_not_used():
    before = np.random.get_state()[1].tolist()
    make_digit_lines(5, DIGITS)
    assert np.random.get_state()[1].tolist() == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n": -1}, "n=-1 is negative: pass the number of lines"),
        ({"n_digits": (0, 3)}, r"n_digits=\(0, 3\) is no range"),
        ({"n_digits": (4, 3)}, r"n_digits=\(4, 3\) is no range"),
        ({"digits": (DIGITS[0], ["1", "ten", "0"])}, "digits has the label 'ten': a label of a"),
        ({"digits": (np.zeros((2, 784), np.uint8), [0, 1])}, "digits contains no row with ink"),
        ({"digits": (np.zeros((2, 64)), [0, 1])}, r"X has dtype float64 and shape \(2, 64\)"),
    ],
)
def test_errors(arguments, message):
    with pytest.raises(ValueError, match=message):
        make_digit_lines(**{"n": 3, "digits": DIGITS, "random_state": 0} | arguments)


def test_a_label_outside_of_the_alphabet_is_named():
    with pytest.raises(ValueError, match="digits has the label '7', which is not in the alphabet"):
        line_maker(DIGITS, 3, np.random.RandomState(0), alphabet="01")


def test_a_line_is_made_in_a_few_milliseconds():
    maker = line_maker(DIGITS, 100, np.random.RandomState(0))
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        maker.lines(np.arange(50))
        seconds.append((time.perf_counter() - start) / 50)
    assert min(seconds) < 0.02
