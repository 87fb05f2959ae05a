"""The benchmark of hands draws the digits that it says, and looks at each font in one group."""

from pathlib import Path

import hands
import matplotlib
import numpy as np
import pytest

DEJAVU = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"


def test_each_font_is_in_one_group():
    groups = hands.groups()
    paths = [path for of_group in groups.values() for path in of_group]
    assert len(set(paths)) == len(paths) > 150
    assert abs(len(groups["models"]) - len(groups["persons"])) <= 1
    assert all(path.name.startswith("playwrite") for path in groups["schools"])
    assert not any(path.name.startswith("playwrite") for path in groups["persons"])
    file = hands.FONTS / "node_modules/@fontsource/caveat/files/caveat-latin-400-normal.woff"
    assert file in groups["models"] + groups["persons"]


@pytest.mark.parametrize("height", [40, 80])
def test_a_digit_is_as_high_as_asked(height):
    pixels = np.asarray(hands.drawn(DEJAVU, "7", height))
    inked = np.flatnonzero((pixels < 128).any(axis=1))
    assert abs(inked[-1] + 1 - inked[0] - height) <= 3
    assert pixels[0].min() == pixels[-1].min() == pixels[:, 0].min() == 255


def test_strings_have_the_texts_that_are_drawn(monkeypatch):
    calls = []
    monkeypatch.setattr(hands, "drawn", lambda path, digit, height: calls.append((path, digit)))
    monkeypatch.setattr(hands, "side_by_side", lambda pictures, rng: len(pictures))
    pictures, texts = hands.strings(["a", "b"], 3, np.random.default_rng(0))
    n = hands.OF_EACH_FONT
    assert pictures == [3] * 2 * n
    assert "".join(texts) == "".join(digit for _, digit in calls)
    assert [path for path, _ in calls] == ["a"] * 3 * n + ["b"] * 3 * n


def test_distorted_rows_follow_their_row():
    rows = np.zeros((2, 784), dtype=np.uint8)
    rows.reshape(2, 28, 28)[0, 10:18, 10:18] = 255
    changed = hands.distorted(rows)
    n = hands.DISTORTED
    assert changed.shape == (2 * n, 784)
    assert changed.dtype == np.uint8
    assert changed[:n].max(axis=1).min() > 128
    assert len(np.unique(changed[:n], axis=0)) == n
    assert changed[n:].max() == 0


def test_the_table_shows_each_group():
    figures = {"fonts": 3, "digits": 0.5, "distorted": 0.25}
    figures |= {"strings": {"right": 0.75, "uncertain": 0.125}}
    figures |= {"pairs": {"right": 1.0, "uncertain": 0.0}}
    lines = hands.table({"groups": dict.fromkeys(hands.GROUPS.values(), figures)})
    assert len(lines) == 2 + 3 + 2
    assert lines[2].endswith("| 3 | 50.0 | 25.0 | 75.0 | 12.5 | 100.0 | 0.0 |")
    assert lines[0].count("|") == lines[1].count("|") == lines[2].count("|")
