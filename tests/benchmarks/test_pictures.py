"""The pictures of the reading benchmark have the size, the gaps and the labels that they claim."""

import numpy as np
import pytest
from _pictures import FOLDER_VARIABLE, letters, other_writers, placed, scribbles, string_of
from PIL import Image


@pytest.fixture
def bars(tmp_path):
    """Paths of two scans: black bars of 6 and of 10 columns on white."""
    paths = []
    for width in (6, 10):
        scan = np.full((50, 40), 255, dtype=np.uint8)
        scan[10:40, 5 : 5 + width] = 0
        paths.append(tmp_path / f"1_{width}.png")
        Image.fromarray(scan).save(paths[-1])
    return paths


def test_the_label_of_a_scan_is_the_first_letter_of_its_name(tmp_path, monkeypatch):
    (tmp_path / "scans" / "writer").mkdir(parents=True)
    for name in ("writer/7_a.png", "3_b.png", "notes.txt"):
        (tmp_path / "scans" / name).touch()
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    paths, labels = other_writers("scans")
    assert [path.name for path in paths] == ["3_b.png", "7_a.png"]
    assert labels.tolist() == [3, 7]


@pytest.mark.parametrize("gap", [5, 0, -4])
def test_scans_are_side_by_side_with_the_given_gap(gap, bars):
    page = string_of(bars, np.random.default_rng(0), gaps=(gap, gap + 1))
    inked = np.flatnonzero((page == 0).any(axis=(0, 2)))
    assert inked[0] == 20
    assert inked[-1] + 1 - inked[0] == 6 + gap + 10
    assert len(inked) == 6 + 10 + min(gap, 0)
    assert page.shape[1] == 6 + gap + 10 + 40


def test_a_digit_is_placed_on_a_page_of_400x300_pixels():
    digit = np.zeros((28, 28), dtype=np.uint8)
    digit[4:24, 12:16] = 255
    sizes = set()
    for seed in range(4):
        page = placed(digit.ravel(), np.random.default_rng(seed))
        assert (page.size, page.mode) == ((400, 300), "RGBA")
        pixels = np.asarray(page)
        ink = pixels[..., 0] < 60
        rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
        height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
        assert 3 < height / width < 7  # the bar is 20x4 pixels
        assert np.median(pixels[..., 0]) > 160  # the background
        assert (pixels[..., 3] == 255).all()
        sizes.add(height)
    assert len(sizes) > 1


@pytest.mark.parametrize("draw", [letters, scribbles])
def test_letters_and_scribbles_are_drawn_by_the_seed(draw):
    pages, same, other = ([*draw(3, np.random.default_rng(seed))] for seed in (0, 0, 1))
    assert [np.asarray(page).shape for page in pages] == [(120, 120)] * 3
    for page, repeated, different in zip(pages, same, other, strict=True):
        ink = (np.asarray(page) < 128).mean()
        assert 0.005 < ink < 0.5
        assert np.array_equal(page, repeated)
        assert not np.array_equal(page, different)
