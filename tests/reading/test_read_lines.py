"""Pages read line by line: the ink of a line, the parts of its digits, and who is right."""

import numpy as np
import pytest

from sklearn_lenet.reading import Box, Digit
from sklearn_lenet.reading._line_reading import LineDigit, LineReading
from sklearn_lenet.reading._page_reader import PageReader
from sklearn_lenet.reading._piece import Piece
from sklearn_lenet.reading._read_lines import judged, line_of, part_in, read_lines


def piece(left, top, right, bottom, line=0):
    return Piece(Box(left, top, right, bottom), np.ones((bottom - top, right - left), bool), line)


def digit(label, confidence):
    return Digit(label, confidence, Box(0, 0, 1, 1), np.array([1.0]), 0, frozenset(), np.zeros(1))


def by_line(label, confidence):
    return LineDigit(label, confidence, Box(0, 0, 1, 1))


def test_a_line_has_the_ink_of_its_pieces_alone():
    ink = np.zeros((60, 80), dtype=np.float32)
    first, second, other = piece(10, 5, 16, 25), piece(30, 6, 38, 26), piece(12, 35, 20, 55)
    for one in (first, second, other):
        ink[one.box.top : one.box.bottom, one.box.left : one.box.right] = 1
    line, left, top = line_of(ink, [first, second])
    assert (left, top) == (7, 2)
    assert line.mask.sum() == 6 * 20 + 8 * 20
    assert line.ink.sum() == line.mask.sum()
    assert line.mask[3:23, 3:9].all()
    assert line.top == pytest.approx(3, abs=1)
    assert line.bottom == pytest.approx(24, abs=1)


def test_a_line_may_reach_to_the_edge_of_the_page():
    ink = np.ones((20, 6), dtype=np.float32)
    line, left, top = line_of(ink, [piece(0, 0, 6, 20)])
    assert (left, top) == (-3, -3)
    assert line.mask.shape == line.ink.shape == (26, 12)


def test_parts_are_whole_pieces_cut_pieces_or_joined_pieces():
    left, right = piece(10, 5, 20, 25), piece(24, 5, 30, 25)
    part, flags = part_in(left.box, [left, right])
    assert part.mask.all()
    assert flags == ()
    part, flags = part_in(Box(10, 5, 15, 25), [left, right])
    assert part.mask.shape == (20, 5)
    assert flags == ("cut",)
    part, flags = part_in(Box(10, 5, 30, 25), [left, right])
    assert part.mask.sum() == left.mask.sum() + right.mask.sum()
    assert flags == ("joined",)


@pytest.mark.parametrize(
    ("digit", "line_digit", "label", "confidence", "flags"),
    [
        (digit(7, 0.6), by_line("7", 0.9), 7, 0.6, set()),
        (digit(7, 0.6), by_line("1", 0.9), 1, 0.9, {"readers-disagree"}),
        (digit(7, 0.95), by_line("1", 0.9), 7, 0.95, {"readers-disagree"}),
        (digit("7", 0.6), by_line("1", 0.9), "1", 0.9, {"readers-disagree"}),
        (digit("?", 0.6), by_line("1", 0.9), "?", 0.6, set()),
    ],
)
def test_the_surer_one_is_right_and_a_disagreement_is_flagged(
    digit, line_digit, label, confidence, flags
):
    found = judged(digit, line_digit)
    assert (found.label, found.confidence, found.flags) == (label, confidence, flags)
    assert type(found.label) is type(label)


class Seven:
    """A model that sees a seven in every image."""

    classes_ = np.array([1, 7])

    def predict_proba(self, X):
        return np.tile([0.2, 0.8], (len(X), 1))


class Halves:
    """A reader that sees two digits in each line, one in each half."""

    def _read_line(self, line):
        height, width = line.mask.shape
        boxes = Box(3, 3, width // 2, height - 3), Box(width // 2, 3, width - 3, height - 3)
        return LineReading("77", 0.9, [LineDigit("7", 0.9, box) for box in boxes])


def test_the_reader_decides_how_many_digits_there_are():
    ink = np.zeros((80, 60), dtype=np.float32)
    pieces = [piece(10, 5, 40, 30, line=0), piece(12, 45, 42, 70, line=1)]
    for one in pieces:
        ink[one.box.top : one.box.bottom, one.box.left : one.box.right] = 1
    digits = read_lines(PageReader(ink, Seven(), 2.6), Halves(), pieces)
    assert [d.line for d in digits] == [0, 0, 1, 1]
    assert [d.label for d in digits] == [7, 7, 7, 7]
    assert all("cut" in d.flags for d in digits)
    assert digits[0].box == Box(10, 5, 25, 30)
    assert digits[3].box == Box(27, 45, 42, 70)
