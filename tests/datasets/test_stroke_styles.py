"""The styles of drawn digits: every digit has some, and strokes are well formed."""

import numpy as np
import pytest

from sklearn_lenet.datasets._drawn_digits import STYLES
from sklearn_lenet.datasets._stroke_styles import GENERAL


def test_every_digit_has_several_styles():
    assert sorted(GENERAL) == list("0123456789")
    assert all(len(styles) >= 4 for styles in GENERAL.values())


@pytest.mark.parametrize("digit", STYLES)
def test_strokes_fill_a_box_of_height_1(digit):
    for style in STYLES[digit]:
        points = np.concatenate([np.array(stroke) for stroke in style])
        assert points[:, 1].min() == pytest.approx(0, abs=0.04)
        assert points[:, 1].max() == pytest.approx(1, abs=0.06)
        # A four with a loop at the left end of its bar is a little wider than high.
        assert 0.03 < np.ptp(points[:, 0]) < 1.07
        # Points of a stroke differ, so that a curve runs through them.
        for stroke in style:
            assert len(stroke) >= 2
            assert np.hypot(*np.diff(np.array(stroke), axis=0).T).min() > 0.02
