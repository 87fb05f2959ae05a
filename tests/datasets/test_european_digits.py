"""add_european_hands: what is added, in MNIST's form; and what the other functions share."""

import numpy as np
import pytest
from helpers import ONE, SEVEN, ZERO, drawn
from numpy.testing import assert_array_equal
from scipy import ndimage

from sklearn_lenet import add_drawn_digits, add_european_hands, add_non_digits

EACH = pytest.mark.parametrize("add", [add_drawn_digits, add_european_hands, add_non_digits])


@pytest.mark.parametrize("kind", [int, str, np.uint8])
def test_ones_and_every_other_seven_come_again_behind_the_rows(kind):
    X, y = np.stack([ONE, SEVEN, SEVEN, ONE]), np.array([1, 7, 7, 1]).astype(kind)
    more, labels = add_european_hands(X, y, random_state=0)
    assert_array_equal(more[:4], X)
    assert more.dtype == np.uint8
    assert labels.dtype == y.dtype
    assert_array_equal(labels, np.array([1, 7, 7, 1, 1, 1, 7]).astype(kind))


def test_every_third_of_the_others_comes_again_as_it_is():
    more, labels = add_european_hands(np.stack([ZERO] * 4 + [ONE]), [0, 2, 3, 4, 1])
    assert labels.tolist() == [0, 2, 3, 4, 1, 1, 0, 4]
    for row in more[6:]:
        again, before = row.reshape(28, 28) > 127, ZERO.reshape(28, 28) > 127
        assert np.mean(again == before) > 0.97


def test_what_is_added_has_mnists_form():
    X, _ = add_european_hands(np.stack([ONE, SEVEN] * 50), [1, 7] * 50, random_state=0)
    for row in X[100:]:
        image = row.reshape(28, 28).astype(float)
        rows, columns = np.nonzero(image)
        assert 18 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 22  # 20, and the edge of a pixel
        assert ndimage.center_of_mass(image) == pytest.approx((13.5, 13.5), abs=0.6)


def test_an_upstroke_lies_left_of_the_stem_and_a_bar_crosses_it():
    ones, _ = add_european_hands(np.stack([ONE] * 60), [1] * 60, random_state=0)
    for row in ones[60:]:
        upper = row.reshape(28, 28)[:20] > 127  # without a foot
        stem = np.flatnonzero(upper[0:8].any(axis=0)).max()
        assert upper[:, :stem].sum() > 1.2 * upper[:, stem:].sum()
    (_, crossed), _ = add_european_hands(SEVEN[None], [7], random_state=0)
    before, after = (row.reshape(28, 28)[9:18] > 127 for row in (SEVEN, crossed))
    assert before.sum(axis=1).max() == 2
    assert after.sum(axis=1).max() >= 6


def test_a_nines_stem_ends_in_a_hook():
    nine = np.maximum(SEVEN, drawn(((4, 14), (8, 10)), ((12, 14), (8, 20))))
    more, _ = add_european_hands(np.stack([nine] * 40), [9] * 40, random_state=0)
    assert len(more) == 60
    images = [row.reshape(28, 28) > 127 for row in (nine, *more[40:])]
    feet = [image[np.flatnonzero(image.any(axis=1))[-5:]].any(axis=0).sum() for image in images]
    assert feet[0] == 2
    assert min(feet[1:]) >= 5


@EACH
def test_a_seed_gives_the_same_strokes_and_leaves_numpys_state(add):
    X, y = np.stack([ONE, SEVEN] * 20), [1, 7] * 20
    before = np.random.get_state()[1].copy()
    first, again, other = (add(X, y, random_state=s)[0] for s in (0, 0, 1))
    assert_array_equal(first, again)
    assert (first != other).any()
    assert_array_equal(np.random.get_state()[1], before)


def test_what_has_no_ink_stays_as_it_is():
    blank = np.zeros((1, 784), dtype=np.uint8)
    assert_array_equal(add_european_hands(blank, [1])[0], np.zeros((2, 784)))


@EACH
@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        (
            ONE.reshape(1, 28, 28),
            [1],
            r"X has dtype uint8 and shape \(1, 28, 28\); pass uint8 rows of 784",
        ),
        (
            ONE[None] / 255,
            [1],
            r"X has dtype float64 and shape \(1, 784\); pass uint8 rows of 784 pixels",
        ),
        (ONE[None], [1, 7], "inconsistent numbers of samples"),
    ],
)
def test_bad_input(add, X, y, message):
    with pytest.raises(ValueError, match=message):
        add(X, y)
