"""The benchmark of styles trains with each set, and its table shows the measured figures."""

import styles
from _styles_after_scans import AFTER_SCANS

from sklearn_lenet.datasets._drawn_digits import STYLES
from sklearn_lenet.datasets._styles_after_fonts import AFTER_FONTS


def test_each_set_has_the_styles_that_it_says():
    without, after_scans = list(styles.SETS.values())[1:]
    assert {k: STYLES[k][len(without[k]) :] for k in STYLES} == AFTER_FONTS
    assert {k: STYLES[k][: len(without[k])] for k in STYLES} == without
    assert sum(map(len, AFTER_FONTS.values())) == 68  # as the README of the benchmarks says
    assert sum(map(len, after_scans.values())) - sum(map(len, without.values())) == 6
    for label, drawn in AFTER_SCANS.items():
        assert after_scans[label] == without[label] + drawn
        points = [point for style in drawn for stroke in style for point in stroke]
        assert all(-0.1 <= x <= 1 and 0 <= y <= 1 for x, y in points)


def test_no_style_of_the_package_was_drawn_after_scans():
    for label, drawn in AFTER_SCANS.items():
        assert not [style for style in drawn if style in STYLES[label]]


def test_a_set_is_trained_with_its_styles(monkeypatch):
    seen = []
    monkeypatch.setattr(styles, "fitted", lambda kind, seed: (seen.append(dict(STYLES)) or kind, 1))
    before = dict(STYLES)
    try:
        found = styles.models("with six that were drawn after scans instead")
    finally:
        STYLES.update(before)
    assert found == (styles.PICTURES, styles.READER)
    assert [s["9"] for s in seen] == [before["9"][:-11] + AFTER_SCANS["9"]] * 2
    monkeypatch.setattr(styles, "load_pretrained", lambda name: name)
    assert styles.models("of the package") == ("digits", "strings")
    assert len(seen) == 2


def test_the_table_shows_each_set():
    group = {"digits": 0.5, "distorted": 0.25, "strings": {"right": 0.75}, "pairs": {"right": 1.0}}
    figures = {"persons": group, "models": group, "synthetic": 0.125, "first_half": 0.0}
    lines = styles.table({"sets": {"a": figures, "b": figures}})
    assert lines[2] == "| a | 50.0 | 25.0 | 75.0 | 100.0 | 75.0 | 100.0 | 12.5 | 0.0 |"
    assert lines[0].count("|") == lines[1].count("|") == lines[3].count("|")
