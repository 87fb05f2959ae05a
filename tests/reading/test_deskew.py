"""The skew of lines, and the rotation with its inverse."""

import numpy as np
import pytest
from PIL import Image, ImageDraw
from scipy import ndimage

from sklearn_lenet.reading._deskew import Rotation, skew_of
from sklearn_lenet.reading._piece import Box


def test_a_box_is_rotated_and_back():
    rotation = Rotation((100, 200), 10)
    ink = np.zeros((100, 200), np.float32)
    ink[40:50, 120:140] = 1
    rows, columns = np.nonzero(rotation.apply(ink) > 0.5)
    box = Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    left, top, right, bottom = rotation.undo(box)
    assert left <= 120
    assert top <= 40
    assert right >= 140
    assert bottom >= 50
    assert right - left < 34
    assert bottom - top < 26


@pytest.mark.parametrize("degrees", [-12, -5, 0, 7, 14])
def test_the_skew_of_a_line(degrees):
    page = np.zeros((120, 400), np.float32)
    for left in range(30, 370, 40):
        page[40:80, left : left + 5] = page[40:45, left : left + 22] = 1
    leaning = ndimage.rotate(page, -degrees, order=1) > 0.5
    assert skew_of(leaning) == pytest.approx(degrees, abs=1.5)


def test_skewed_bars_of_level_digits_are_not_a_skew():
    page = Image.new("L", (400, 120), 0)
    for left in range(30, 350, 60):
        ImageDraw.Draw(page).line((left, 40, left + 40, 48), 255, 5)
        ImageDraw.Draw(page).line((left + 40, 48, left + 30, 80), 255, 2)
    mask = np.asarray(page) > 127
    assert skew_of(mask) == 0
    leaning = ndimage.rotate(mask.astype(np.float32), -10, order=1) > 0.5
    assert skew_of(leaning) == pytest.approx(10, abs=3)


def test_one_digit_and_a_column_of_digits_have_no_skew():
    mask = np.zeros((200, 60), dtype=bool)
    mask[10:50, 20:25] = True
    assert skew_of(mask) == 0
    mask[80:120, 24:29] = mask[150:190, 28:33] = True
    assert skew_of(mask) == 0


def test_no_rotation_returns_the_same_ink():
    rotation, ink = Rotation((5, 9), 0.0), np.ones((5, 9), np.float32)
    assert rotation.apply(ink) is ink
    assert rotation.undo(Box(1, 2, 3, 4)) == (1, 2, 3, 4)
