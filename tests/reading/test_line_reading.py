"""The places of characters in the picture."""

import numpy as np

from sklearn_lenet.reading._line_form import LineForm, LineInk
from sklearn_lenet.reading._line_reading import boxes_of
from sklearn_lenet.reading._piece import Box


def line_with(*boxes, shape=(30, 60), factor=1):
    mask = np.zeros(shape, dtype=bool)
    for box in boxes:
        mask[box.top : box.bottom, box.left : box.right] = True
    return LineInk(mask.astype(np.float32), mask, 5.0, 25.0, factor)


FORM = LineForm(np.zeros((32, 76), dtype=np.uint8), 1.0, -8.0, -1.0)
"""A strip with a margin of 8 columns, at the scale of the picture."""


def test_each_box_is_that_of_the_ink_around_a_middle():
    digits = [Box(5, 5, 15, 25), Box(20, 7, 28, 24), Box(40, 5, 50, 26)]
    centres = [8.0 + (box.left + box.right) / 2 for box in digits]
    assert boxes_of(line_with(*digits), FORM, centres) == digits


def test_touching_digits_are_parted_where_there_is_least_ink():
    left, right, bridge = Box(5, 5, 15, 25), Box(18, 5, 28, 25), Box(15, 14, 18, 16)
    first, second = boxes_of(line_with(left, right, bridge), FORM, [18.0, 31.0])
    assert 15 <= first.right <= 18
    assert second.left == first.right


def test_boxes_are_those_of_the_picture_before_it_was_shrunk():
    digit = Box(5, 5, 15, 25)
    assert boxes_of(line_with(digit, factor=3), FORM, [18.0]) == [Box(15, 15, 45, 75)]


def test_a_dash_behind_the_last_digit_does_not_belong_to_it():
    digit, dash = Box(5, 5, 15, 25), Box(21, 14, 50, 17)
    assert boxes_of(line_with(digit, dash), FORM, [18.0]) == [digit]


def test_halves_of_a_digit_stay_together():
    left, right = Box(5, 5, 10, 25), Box(11, 5, 17, 25)
    assert boxes_of(line_with(left, right), FORM, [18.0]) == [Box(5, 5, 17, 25)]


def test_far_ink_does_not_belong_to_a_digit():
    digit, blot = Box(5, 5, 15, 25), Box(150, 5, 155, 25)
    line = line_with(digit, blot, shape=(30, 200))
    assert boxes_of(line, FORM, [18.0]) == [digit]


def test_where_there_is_no_ink_the_box_has_all_rows():
    (box,) = boxes_of(line_with(), FORM, [20.0])
    assert (box.top, box.bottom) == (0, 30)
