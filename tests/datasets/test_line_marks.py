"""Marks beside the digits: where they are drawn, and rules, boxes and stamps."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from sklearn_lenet.datasets._line_marks import (
    AFTER,
    BEFORE,
    MARKS,
    Frame,
    draw_after,
    draw_before,
    rules_and_boxes,
)

FRAME = Frame(left=100, right=160, top=60, baseline=90, highest=58, lowest=92, pen=3)


def blank(width=500, height=160):
    image = Image.new("L", (width, height))
    return image, ImageDraw.Draw(image)


@pytest.mark.parametrize("mark", MARKS)
def test_each_mark_is_drawn_where_it_should_be(mark):
    for seed in range(10):
        image, draw = blank()
        end = MARKS[mark](draw, 200.0, FRAME, np.random.default_rng(seed))
        left, top, right, bottom = image.getbbox()
        assert left >= 200 - 0.35 * FRAME.height - FRAME.pen
        assert right <= max(end, 200) + FRAME.pen + 2
        assert top >= FRAME.top - 0.3 * FRAME.height
        assert bottom <= FRAME.baseline + 0.45 * FRAME.height


def test_all_marks_have_a_function():
    assert set("".join(AFTER + BEFORE)) <= set(MARKS)


def test_marks_after_the_digits_leave_a_gap():
    for seed in range(30):
        image, draw = blank()
        end = draw_after(draw, FRAME, np.random.default_rng(seed))
        left, _, right, _ = image.getbbox()
        assert left > FRAME.right - 0.2 * FRAME.height
        assert right <= end + 2


def test_marks_before_the_digits_do_not_reach_them():
    for seed in range(30):
        image, draw = blank()
        start = draw_before(draw, FRAME, np.random.default_rng(seed))
        left, _, right, _ = image.getbbox()
        assert start - 0.2 * FRAME.height - 2 <= left
        assert right < FRAME.left + 0.2 * FRAME.height


def test_some_lines_have_rules_and_others_nothing():
    drawn = [rules_and_boxes((120, 300), FRAME, np.random.default_rng(seed)) for seed in range(200)]
    printed = [image for image in drawn if image is not None]
    assert 60 < len(printed) < 140
    ruled = [image for image in printed if (image > 0).any(axis=0).mean() > 0.95]
    assert len(ruled) > 40
