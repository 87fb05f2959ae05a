"""The threshold between ink and background, specks, and blank pages."""

import numpy as np
import pytest
from drawn_seven import seven

from sklearn_lenet import DigitImageReader, NoDigitFoundError
from sklearn_lenet.images._binarize import otsu_threshold, without_specks


def test_otsu_separates_two_groups():
    ink = np.array([0.1] * 80 + [0.8] * 20, dtype=np.float32)
    assert 0.1 < otsu_threshold(ink) < 0.8


def test_a_dotted_stroke_is_one_digit():
    mask = np.zeros((60, 60), dtype=bool)
    mask[10:50:3, 30] = True
    mask[55, 3] = True
    kept = without_specks(mask)
    assert kept[:50].sum() == mask[:50].sum()


@pytest.mark.parametrize("value", [0, 128, 255])
def test_a_blank_page_has_no_digit(value):
    with pytest.raises(NoDigitFoundError, match="picture 1 is blank: no ink stands out"):
        DigitImageReader().transform([seven(), np.full((50, 60), value, np.uint8)])


def test_a_page_of_faint_noise_has_no_digit():
    rng = np.random.default_rng(0)
    page = np.clip(rng.normal(250, 3, (100, 100)), 0, 255).astype(np.uint8)
    with pytest.raises(NoDigitFoundError, match="blank"):
        DigitImageReader().transform([page])
