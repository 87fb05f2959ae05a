"""The styles after handwriting fonts: each digit has some, and none is drawn twice."""

from sklearn_lenet.datasets._drawn_digits import STYLES
from sklearn_lenet.datasets._styles_after_fonts import AFTER_FONTS


def test_each_digit_has_styles_after_fonts():
    assert sorted(AFTER_FONTS) == list("0123456789")
    assert all(AFTER_FONTS.values())


def test_no_style_is_drawn_twice():
    drawn = [repr(style) for styles in STYLES.values() for style in styles]
    assert len(set(drawn)) == len(drawn)
