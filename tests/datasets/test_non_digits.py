"""add_non_digits: what is made of digits that is none, and that a net learns to say so."""

import numpy as np
import pytest
from helpers import ONE, SEVEN, ZERO
from numpy.testing import assert_array_equal
from scipy import ndimage

from sklearn_lenet import LeNet5Classifier, add_non_digits, read_digits
from sklearn_lenet.datasets import _non_digits
from sklearn_lenet.datasets._data_at_hand import bundled_digits
from sklearn_lenet.images._stroke_width import stroke_width

DIGITS = _non_digits.digits_of(np.stack([ONE, SEVEN, ZERO]), np.array(["1", "7", "0"]))


@pytest.mark.parametrize(
    ("kind", "said"),
    [(int, np.int64), (np.uint8, np.int64), (float, np.float64), (str, np.str_), (object, object)],
)
def test_a_tenth_as_many_come_behind_the_rows(kind, said):
    labels = np.arange(20) % 10
    X, y = np.stack([ONE, SEVEN] * 10), labels.astype(str if kind is object else kind).astype(kind)
    more, all_labels = add_non_digits(X, y, random_state=0)
    assert_array_equal(more[:20], X)
    assert more.shape == (22, 784)
    assert more.dtype == np.uint8
    assert np.issubdtype(all_labels.dtype, said)
    assert_array_equal(all_labels[:20], y)
    assert all_labels[20:].tolist() == (["-1"] * 2 if kind in (str, object) else [-1] * 2)


@pytest.mark.parametrize("kind", [_non_digits._pair, _non_digits._sticks, _non_digits._scribble])
def test_what_is_drawn_has_mnists_form(kind):
    random = np.random.RandomState(0)
    images = [kind(DIGITS, random).reshape(28, 28).astype(float) for _ in range(40)]
    for image in images:
        rows, columns = np.nonzero(image)
        assert 18 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 22
        assert ndimage.center_of_mass(image) == pytest.approx((13.5, 13.5), abs=0.6)
    assert len({image.tobytes() for image in images}) > 1
    pens = [stroke_width(np.kron(image, np.ones((8, 8))) > 127) / 8 for image in images]
    assert min(pens) > 1.4
    assert max(pens) < 5


def test_a_pair_is_two_digits_side_by_side():
    """A one and a zero are 2 and 10 of 20 pixels wide: together they are wider than either."""
    ones = _non_digits.digits_of(ONE[None], np.array(["1"]))
    zeros = _non_digits.digits_of(ZERO[None], np.array(["0"]))
    for digits, loops in ((ones, 0), (zeros, 2)):
        pair = _non_digits._pair(digits, np.random.RandomState(0)).reshape(28, 28) > 127
        single = digits.rows[0].reshape(28, 28) > 127
        assert pair.any(axis=0).sum() / pair.any(axis=1).sum() > 1.3 * (
            single.any(axis=0).sum() / single.any(axis=1).sum()
        )
        assert ndimage.label(~pair)[1] - 1 >= loops


def test_only_what_is_no_digit_so_is_turned_and_mirrored():
    sevens = _non_digits.digits_of(SEVEN[None], np.array(["7"]))
    random, image = np.random.RandomState(0), SEVEN.reshape(28, 28)
    fit = {m.tobytes() for m in (image[:, ::-1], np.rot90(image), np.rot90(image, 3))}
    assert fit < {
        _non_digits._rotated_or_mirrored(sevens, random).tobytes() for _ in range(40)
    }  # and scribbles
    assert image.tobytes() not in {
        _non_digits._rotated_or_mirrored(sevens, random).tobytes() for _ in range(40)
    }
    zeros = _non_digits.digits_of(ZERO[None], np.array(["0"]))
    assert _non_digits._rotated_or_mirrored(zeros, random).tobytes() != ZERO.tobytes()


def test_nothing_comes_of_blank_rows_and_of_few():
    blank = np.zeros((9, 784), dtype=np.uint8)
    for X in (blank, ONE[None]):
        more, labels = add_non_digits(X, np.ones(len(X)))
        assert_array_equal(more, X)
        assert_array_equal(labels, np.ones(len(X)))


@pytest.mark.parametrize("kind", [int, str])
def test_a_net_that_learned_them_says_so(kind):
    """Letters made of bars are "?", and digits are read as before."""
    X, y = bundled_digits()
    model = LeNet5Classifier(random_state=0).fit(*add_non_digits(X, y.astype(kind), random_state=0))
    assert np.mean(model.predict(X) == y.astype(kind)) > 0.98
    page = np.full((100, 360), 255, np.uint8)
    page[20:80, 20:28] = page[20:28, 20:60] = page[46:54, 20:60] = page[72:80, 20:60] = 0  # E
    page[20:80, 120:128] = page[20:80, 152:160] = page[46:54, 120:160] = 0  # H
    page[20:80, 220:228] = page[20:28, 220:260] = page[46:54, 220:260] = 0  # F
    page[20:80, 320:328] = 0  # 1
    digits = read_digits(page, model, min_confidence=0.5)
    assert [str(digit.label) for digit in digits] == ["?", "?", "?", "1"]
    assert all(len(digit.probabilities) == 11 for digit in digits)
    assert all(digit.confidence == max(digit.probabilities[1:]) for digit in digits)
