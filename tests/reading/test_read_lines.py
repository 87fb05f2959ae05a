"""Pages read line by line: the ink of a line, the parts of its digits, and who is right."""

import numpy as np
import pytest

from sklearn_lenet.reading import Box, Digit
from sklearn_lenet.reading._line_reading import LineDigit, LineReading
from sklearn_lenet.reading._page_reader import PageReader
from sklearn_lenet.reading._piece import Piece
from sklearn_lenet.reading._read_lines import (
    OF_CUT,
    OF_ISOLATED,
    OF_WHOLE,
    covered,
    judged,
    line_of,
    part_in,
    read_lines,
)


def piece(left, top, right, bottom, line=0):
    return Piece(Box(left, top, right, bottom), np.ones((bottom - top, right - left), bool), line)


def digit(label, probabilities):
    confidence = max(probabilities[1:])
    return Digit(
        label, confidence, Box(0, 0, 1, 1), np.array(probabilities), 0, frozenset(), np.zeros(1)
    )


def by_line(label, of_one, of_seven):
    return LineDigit(label, max(of_one, of_seven), Box(0, 0, 1, 1), (of_one, of_seven))


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


CLASSES = np.array([-1, 1, 7])


@pytest.mark.parametrize("weight", [OF_ISOLATED, OF_WHOLE, OF_CUT])
def test_two_readers_that_agree(weight):
    found = judged(digit(7, [0, 0.2, 0.8]), by_line("7", 0.2, 0.8), CLASSES, "17", weight)
    assert (found.label, found.flags) == (7, frozenset())
    assert found.probabilities == pytest.approx([0, 0.2, 0.8], abs=1e-3)
    assert found.confidence == found.probabilities[2]


@pytest.mark.parametrize(
    ("weight", "ratio"),
    [(OF_ISOLATED, 9), (OF_WHOLE, 9**0.5 / 4**0.5), (OF_CUT, 9**0.3 / 4**0.7)],
)
def test_a_cut_digit_is_decided_more_by_the_line(weight, ratio):
    # The classifier sees a seven, 0.9 to 0.1; the reader a one, 0.8 to 0.2.
    found = judged(digit(7, [0, 0.1, 0.9]), by_line("1", 0.8, 0.2), CLASSES, "17", weight)
    assert (found.label, found.flags) == (1 if weight == OF_CUT else 7, {"readers-disagree"})
    of_seven = ratio / (1 + ratio)
    assert found.confidence == pytest.approx(max(of_seven, 1 - of_seven), abs=1e-3)


def test_a_whole_piece_that_the_classifier_takes_for_no_digit_stays_so():
    unknown = digit("?", [0.9, 0.0, 0.1])
    assert judged(unknown, by_line("7", 0.0, 1.0), CLASSES, "17", OF_WHOLE) is unknown
    # A cut one may look like none because it was cut: 0.1 ** 0.3 against 0.9 ** 0.3 * 1e-4 ** 0.7.
    found = judged(unknown, by_line("7", 0.0, 1.0), CLASSES, "17", OF_CUT)
    assert (found.label, found.flags) == (7, {"readers-disagree"})
    assert found.confidence == pytest.approx(0.99, abs=0.01)


def test_a_reader_of_other_characters_changes_no_label():
    line_digit = LineDigit("a", 0.9, Box(0, 0, 1, 1), (0.9,))
    found = judged(digit(7, [0, 0.2, 0.8]), line_digit, CLASSES, "a", OF_WHOLE)
    assert (found.label, found.confidence, found.flags) == (7, 0.8, {"readers-disagree"})


class Seven:
    """A model that sees a seven in every image."""

    classes_ = np.array([1, 7])

    def predict_proba(self, X):
        return np.tile([0.2, 0.8], (len(X), 1))


class Halves:
    """A reader that sees two digits in each line, one in each half."""

    alphabet_ = "7"

    def _read_line(self, line):
        height, width = line.mask.shape
        boxes = Box(3, 3, width // 2, height - 3), Box(width // 2, 3, width - 3, height - 3)
        return LineReading("77", 0.9, [LineDigit("7", 0.9, box, (0.9,)) for box in boxes])


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


class Whole(Halves):
    """A reader that sees one digit in each line."""

    def _read_line(self, line):
        height, width = line.mask.shape
        box = Box(3, 3, width - 3, height - 3)
        return LineReading("7", 0.9, [LineDigit("7", 0.9, box, (0.9,))])


@pytest.mark.parametrize(("right", "flags"), [(40, {"touching"}), (30, set())])
def test_a_digit_that_is_wider_than_high_may_be_two(right, flags):
    ink = np.zeros((80, 60), dtype=np.float32)
    ink[5:25, 10:right] = 1
    (found,) = read_lines(PageReader(ink, Seven(), 2.6), Whole(), [piece(10, 5, right, 25)])
    assert found.flags == flags


class Nowhere(Halves):
    """A reader that sees a digit where there is no ink."""

    def _read_line(self, line):
        return LineReading("7", 0.9, [LineDigit("7", 0.9, Box(0, 0, 2, 2), (0.9,))])


class NonDigit(Seven):
    """A model that takes every image for no digit."""

    classes_ = np.array([-1, 7])

    def predict_proba(self, X):
        return np.tile([0.99, 0.01], (len(X), 1))


@pytest.mark.parametrize(
    ("model", "expected"), [(Seven(), [(7, {"readers-disagree"})]), (NonDigit(), [])]
)
def test_ink_in_which_the_reader_sees_no_digit_is_decided_by_the_classifier(model, expected):
    ink = np.zeros((80, 60), dtype=np.float32)
    ink[5:30, 20:30] = 1
    digits = read_lines(PageReader(ink, model, 2.6), Nowhere(), [piece(20, 5, 30, 30)])
    assert [(digit.label, digit.flags) for digit in digits] == expected


def test_the_covered_share_of_a_piece():
    whole = piece(10, 10, 30, 20)
    assert covered(whole, []) == 0
    assert covered(whole, [piece(0, 0, 15, 40)]) == 0.25
    assert covered(whole, [piece(0, 0, 15, 40), piece(15, 10, 20, 20)]) == 0.5
