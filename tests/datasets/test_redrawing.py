"""Rows as fine masks, strokes added, and back to rows."""

import numpy as np
from helpers import ONE, ZERO

from sklearn_lenet.datasets._redrawing import enlarged, has_ink, row_of, with_strokes


def test_a_row_survives_being_enlarged_and_drawn_again():
    for row in (ONE, ZERO):
        mask = enlarged(row)
        assert max(mask.shape) == 160
        assert np.abs(row_of(mask).astype(int) - row).mean() < 5


def test_a_stroke_widens_the_mask():
    stem = np.ones((20, 2), dtype=bool)
    mask = with_strokes(stem, [[(-8.0, 10.0), (10.0, 10.0)]], pen=1)
    assert mask.shape == (20, 20)
    assert mask[10].all()
    assert mask[:9].sum() == 2 * 9


def test_blank_rows_have_no_ink():
    assert has_ink(ONE)
    assert not has_ink(np.zeros(784, np.uint8))
