"""From a map of ink to separate digits: what belongs together, what is left out, the order."""

import numpy as np
import pytest

from sklearn_lenet import UnreadableImageError
from sklearn_lenet.reading import _segmentation


def boxes_of(mask):
    return [tuple(piece.box) for piece in _segmentation.pieces_of(mask)]


def test_the_end_of_a_bar_belongs_to_the_digit_beside_it():
    mask = np.zeros((60, 140), dtype=bool)
    mask[5:55, 10:22] = mask[5:55, 100:112] = True
    mask[10:16, 26:42] = True
    assert boxes_of(mask) == [(10, 5, 42, 55), (100, 5, 112, 55)]
    mask[10:16] = False
    mask[5:55, 10:22] = mask[5:55, 100:112] = True
    assert len(_segmentation.pieces_of(mask)) == 2
    mask[28:44, 50:70] = True  # no bar is so thick
    assert len(_segmentation.pieces_of(mask)) == 3


# Left, top, right and bottom of a mark between two digits that go from row 10 to 60.
MARKS = {
    "a comma": ((48, 54, 54, 70), 2),
    "a high comma": ((48, 44, 54, 60), 2),
    "a dot": ((48, 54, 54, 60), 2),
    "a dash": ((40, 33, 60, 38), 2),
    "a small one, half as high": ((48, 34, 54, 60), 3),
    "a small one, raised": ((48, 10, 54, 30), 3),
    "a small one of the line below": ((48, 64, 54, 84), 3),
    "a small square": ((40, 40, 58, 60), 3),
}


@pytest.mark.parametrize("mark", MARKS)
def test_commas_and_dashes_are_left_out(mark):
    (left, top, right, bottom), n = MARKS[mark]
    mask = np.zeros((100, 120), dtype=bool)
    mask[10:60, 15:27] = mask[10:60, 75:87] = True
    mask[top:bottom, left:right] = True
    assert len(_segmentation.pieces_of(mask)) == n


def test_a_small_zero_is_no_comma():
    mask = np.zeros((100, 120), dtype=bool)
    mask[10:60, 15:27] = mask[10:60, 75:87] = True
    mask[40:60, 46:58] = True
    mask[45:55, 50:54] = False
    assert len(_segmentation.pieces_of(mask)) == 3


def test_a_bar_between_two_digits_belongs_to_the_nearer():
    mask = np.zeros((60, 80), dtype=bool)
    mask[5:55, 10:22] = mask[5:55, 44:56] = True
    mask[10:16, 25:38] = True  # three pixels from the left, six from the right
    assert boxes_of(mask) == [(10, 5, 38, 55), (44, 5, 56, 55)]
    assert boxes_of(mask[:, ::-1]) == [(24, 5, 36, 55), (42, 5, 70, 55)]


def test_halves_of_a_tall_digit_are_one():
    """A six of twice the usual height, whose bow does not meet its stem."""
    mask = np.zeros((130, 200), dtype=bool)
    for left in (60, 90, 120, 150):
        mask[60:105, left : left + 20] = True
    mask[15:105, 10:16] = mask[99:105, 10:40] = True
    mask[70:95, 22:42] = True
    assert boxes_of(mask)[0] == (10, 15, 42, 105)
    assert len(boxes_of(mask)) == 5


def test_half_a_digit_stays_in_its_line():
    """What is high up in a line is no line of its own, and comes in its turn."""
    mask = np.zeros((200, 120), dtype=bool)
    for top in (20, 120):
        mask[top : top + 50, 10:22] = mask[top : top + 50, 90:102] = True
        mask[top : top + 24, 50:62] = True
    assert [(piece.line, piece.box.left) for piece in _segmentation.pieces_of(mask)] == [
        (line, left) for line in (0, 1) for left in (10, 50, 90)
    ]


def test_a_page_with_too_many_pieces_is_refused_with_their_number(monkeypatch):
    mask = np.zeros((60, 420), dtype=bool)
    for k in range(20):
        mask[10:50, 10 + 20 * k : 18 + 20 * k] = True
    assert len(_segmentation.pieces_of(mask)) == 20
    monkeypatch.setattr(_segmentation, "MOST_PIECES", 19)
    with pytest.raises(UnreadableImageError, match="contains 20 separate strokes, and up to 19"):
        _segmentation.pieces_of(mask)
