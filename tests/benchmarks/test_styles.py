"""The benchmark of styles trains with each set, and its table shows the measured figures."""

import styles
from _style_candidates import AFTER_FONTS

from sklearn_lenet.datasets._stroke_styles import STYLES


def test_each_set_has_the_styles_that_it_says():
    without, after_fonts = list(styles.SETS.values())[1:]
    assert {k: len(STYLES[k]) - len(without[k]) for k in STYLES if without[k] != STYLES[k]} == {
        "4": 3,
        "9": 3,
    }
    assert sum(map(len, after_fonts.values())) - sum(map(len, without.values())) == 27
    for label, drawn in AFTER_FONTS.items():
        assert after_fonts[label] == without[label] + drawn
        points = [point for style in drawn for stroke in style for point in stroke]
        assert all(-0.1 <= x <= 1 and 0 <= y <= 1 for x, y in points)


def test_a_set_is_trained_with_its_styles(monkeypatch):
    seen = []
    monkeypatch.setattr(styles, "fitted", lambda kind, seed: (seen.append(dict(STYLES)) or kind, 1))
    before = dict(STYLES)
    try:
        found = styles.models("with 27 drawn after fonts instead")
    finally:
        STYLES.update(before)
    assert found == (styles.PICTURES, styles.READER)
    assert [s["9"] for s in seen] == [before["9"][:-3] + AFTER_FONTS["9"]] * 2
    monkeypatch.setattr(styles, "load_pretrained", lambda name: name)
    assert styles.models("of the package") == ("digits", "strings")
    assert len(seen) == 2


def test_the_table_shows_each_set():
    group = {"digits": 0.5, "distorted": 0.25, "strings": {"right": 0.75}, "pairs": {"right": 1.0}}
    figures = {"persons": group, "models": group, "synthetic": 0.125, "first_half": 0.0}
    lines = styles.table({"sets": {"a": figures, "b": figures}})
    assert lines[2] == "| a | 50.0 | 25.0 | 75.0 | 100.0 | 75.0 | 100.0 | 12.5 | 0.0 |"
    assert lines[0].count("|") == lines[1].count("|") == lines[3].count("|")
