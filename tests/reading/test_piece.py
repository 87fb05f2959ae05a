"""The box around boxes."""

from sklearn_lenet.reading._piece import Box, box_around


def test_the_box_around_boxes():
    assert box_around([Box(5, 1, 6, 9), Box(2, 3, 8, 4)]) == (2, 1, 8, 9)
