"""Line normalisation: the band of the text, the size of the strip, blank and extreme pictures."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from sklearn_lenet.nets import STRIP_HEIGHT
from sklearn_lenet.reading._line_form import (
    MARGIN,
    TEXT_HEIGHT,
    WIDEST,
    line_form,
    line_ink,
    text_band,
)


def bars(height=40, top=10, bottom=30, width=100, paper=230, ink=40):
    """Return a grey picture with upright bars as high as digits."""
    page = np.full((height, width), paper, dtype=np.uint8)
    for left in range(12, width - 12, 14):
        page[top:bottom, left : left + 3] = ink
    return page


def rows_of(strip):
    """Return the first and the last row of the strip with ink."""
    rows = np.flatnonzero((strip > 80).any(axis=1))
    return rows[0], rows[-1] + 1


@pytest.mark.parametrize("scale", [1, 2, 5])
def test_text_of_any_size_gets_the_same_height(scale):
    page = np.kron(bars(), np.ones((scale, scale), dtype=np.uint8))
    form = line_form(line_ink(page, "page"))
    top, bottom = rows_of(form.strip)
    assert abs(bottom - top - TEXT_HEIGHT) <= 2
    assert abs((top + bottom) / 2 - STRIP_HEIGHT / 2) <= 1
    assert form.scale == pytest.approx(1 / scale, rel=0.1)


def test_the_text_may_stand_anywhere_between_top_and_bottom():
    forms = [line_form(line_ink(bars(80, top, top + 20), "page")) for top in (5, 30, 55)]
    assert all(abs(rows_of(form.strip)[0] - 6) <= 2 for form in forms)


def test_a_rule_does_not_change_the_band():
    page = bars(60, 15, 35)
    ruled = page.copy()
    ruled[44:46] = 60
    plain, with_rule = (line_ink(p, "page") for p in (page, ruled))
    assert with_rule.top == pytest.approx(plain.top, abs=1)
    assert with_rule.bottom == pytest.approx(plain.bottom, abs=1)


def test_a_pattern_paler_than_the_pen_does_not_change_the_band():
    page = bars(90, 35, 55)
    patterned = page.copy()
    rows, columns = np.indices(page.shape)
    patterned[(rows + columns) % 9 < 2] = 120  # slanted lines everywhere
    patterned[page < 100] = 40
    plain, found = (line_ink(p, "page") for p in (page, patterned))
    assert found.mask.sum() > 2 * plain.mask.sum()  # the pattern is ink as well
    assert found.top == pytest.approx(plain.top, abs=2)
    assert found.bottom == pytest.approx(plain.bottom, abs=2)


def test_a_comma_and_a_dash_hardly_change_the_band():
    image = Image.fromarray(bars(60, 15, 35, 160))
    ImageDraw.Draw(image).line((150, 33, 147, 42), fill=40, width=3)
    line = line_ink(image, "page")
    assert line.top == pytest.approx(15, abs=1)
    assert line.bottom == pytest.approx(36, abs=2)


def test_light_ink_on_dark_gives_the_same_strip():
    dark, light = (line_form(line_ink(page, "page")).strip for page in (bars(), 255 - bars()))
    assert np.abs(dark.astype(int) - light).max() <= 8


def test_columns_of_the_strip_are_columns_of_the_picture():
    form = line_form(line_ink(bars(), "page"))
    first = np.flatnonzero((form.strip > 80).any(axis=0))[0]
    assert form.left + first / form.scale == pytest.approx(12, abs=1)
    assert form.strip[:, :MARGIN].max() == form.strip[:, -MARGIN:].max() == 0


def test_the_size_of_a_view():
    top, bottom = rows_of(line_form(line_ink(bars(), "page"), 0.8).strip)
    assert abs(bottom - top - 0.8 * TEXT_HEIGHT) <= 2


@pytest.mark.parametrize("slant", [-0.25, 0.1, 0.25])
def test_the_slant_of_a_view(slant):
    line = line_ink(bars(), "page")
    plain, slanted = line_form(line), line_form(line, slant=slant)
    top, bottom = rows_of(plain.strip)

    def place(form, row):  # of the ink of a row, in the picture
        ink = form.strip[row].astype(float)
        return form.left + (ink @ np.arange(len(ink)) / ink.sum()) / form.scale

    for row in (top + 2, (top + bottom) // 2, bottom - 2):
        moved = (place(slanted, row) - place(plain, row)) * plain.scale
        assert moved == pytest.approx(slant * (STRIP_HEIGHT / 2 - row - 0.5), abs=0.05)
    assert slanted.strip.sum() == pytest.approx(plain.strip.sum(), rel=0.01)  # no ink is cut off


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (500, 1), (5, 40), (60, 60)])
def test_a_blank_picture_gives_a_blank_strip(shape):
    line = line_ink(np.full(shape, 200, dtype=np.uint8), "page")
    assert line.is_blank
    assert line_form(line).strip.max() == 0


@pytest.mark.parametrize("shape", [(6, 5000), (5000, 6), (300, 300)])
def test_noise_gives_a_strip_of_bounded_width(shape):
    noise = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    strip = line_form(line_ink(noise, "page")).strip
    assert strip.shape[0] == STRIP_HEIGHT
    assert strip.shape[1] <= WIDEST + 2 * MARGIN


def test_the_band_is_where_the_ink_is():
    mask = np.zeros((40, 30), dtype=bool)
    mask[8:28, ::5] = True
    assert text_band(mask) == pytest.approx((8, 28))
