"""The benchmark of lines counts correctly, and builds touching pairs by the published rule."""

import lines
import numpy as np
import pytest
from _pictures import tdts_pair

from sklearn_lenet import LineReading


class FakeReader:
    """A reader that returns given texts and confidences."""

    def __init__(self, *readings):
        self.readings = [LineReading(text, sure, []) for text, sure in readings]

    def read(self, pictures):
        assert len(pictures) == len(self.readings)
        return self.readings


def test_right_texts_and_their_confidences():
    reader = FakeReader(("12", 0.9), ("3", 0.4))
    is_right, sure = lines.right(reader, [None, None], ["12", "30"])
    assert is_right.tolist() == [True, False]
    assert sure.tolist() == [0.9, 0.4]


def test_the_least_sure_fifth_is_rejected():
    is_right = np.array([True, False, True, False, True])
    sure = np.array([0.9, 0.1, 0.8, 0.7, 0.6])
    assert lines.among_the_surest(is_right, sure) == 0.75


def test_pairs_are_counted_by_how_they_are_read():
    reader = FakeReader(("12", 0.2), ("13", 0.4), ("1", 0.6), ("122", 0.6), ("1", 0.4))
    shares = lines.pairs_read(reader, [None] * 5, ["12"] * 5)
    assert shares == {"right": 0.2, "uncertain": 0.4, "merged": 0.2, "misread": 0.2}


def test_a_pair_of_tdts_has_two_boxes_that_overlap():
    full = np.zeros((28, 28), dtype=np.uint8)
    full[4:24, 4:24] = 255
    for seed in range(20):
        page = tdts_pair(full.ravel(), full.ravel(), np.random.default_rng(seed))
        assert page.shape == (32, 40)
        assert (page[6:26, :20] == 255).all()
        columns = np.flatnonzero((page == 255).sum(axis=0) >= 20)
        assert 34 <= columns[-1] + 1 <= 39
        outside = page.copy()
        outside[6:26, :20] = 0
        assert 270 <= (outside == 255).sum() <= 400


def test_the_ink_of_a_digit_is_centred_in_its_box():
    digit = np.zeros((28, 28), dtype=np.uint8)
    digit[2:22, 5:7] = 255  # moved to the top left by its centre of mass
    page = tdts_pair(digit.ravel(), np.zeros(784) + digit.ravel(), np.random.default_rng(0))
    assert (page[6:26, 9:11] == 255).all()


def test_the_halves_share_no_amount(tmp_path, monkeypatch):
    for name in ("12-000", "5-001", "300-002"):
        (tmp_path / f"{name}.png").touch()
    monkeypatch.setenv(lines.FOLDER_VARIABLE, str(tmp_path))
    (first, texts), (second, others) = lines.amounts(0), lines.amounts(1)
    assert texts == ["12", "5"]
    assert others == ["300"]
    assert not set(first) & set(second)


@pytest.mark.parametrize(
    ("percent", "target", "shown"),
    [
        ([84.0, 86.0, 84.9], 85, "85.0 (84.0 to 86.0), **missed**"),
        ([84.0, 86.0, 85.0], 85, "85.0 (84.0 to 86.0)"),
        ([80.0, 82.0], None, "81.0 (80.0 to 82.0)"),
        ([100 / 300, 200 / 300, 0.0], 0.3, "0.33 (0.00 to 0.67), **missed**"),
        ([0.25, 0.3, 0.2], 0.3, "0.25 (0.20 to 0.30)"),
    ],
)
def test_a_missed_target_is_marked(percent, target, shown):
    assert lines._cell(percent, target) == shown
