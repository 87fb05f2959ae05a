"""Pages read line by line: the ink of a line, the parts of its digits, and who is right."""

from itertools import pairwise

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
    Found,
    covered,
    judged,
    line_of,
    may_be_more,
    part_in,
    read_lines,
    sharing_pieces,
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
    part, flags, made_of = part_in(left.box, [left, right])
    assert part.mask.all()
    assert (flags, made_of) == ((), (left,))
    part, flags, made_of = part_in(Box(10, 5, 15, 25), [left, right])
    assert part.mask.shape == (20, 5)
    assert (flags, made_of) == (("cut",), (left,))
    part, flags, made_of = part_in(Box(10, 5, 30, 25), [left, right])
    assert part.mask.sum() == left.mask.sum() + right.mask.sum()
    assert (flags, made_of) == (("joined",), (left, right))


def test_neighbours_that_were_made_of_the_same_piece_are_a_group():
    first, second, third = piece(0, 0, 9, 20), piece(10, 0, 40, 20), piece(50, 0, 60, 20)
    parts = [(first,), (second,), (second, third), (third,), (first,)]
    found = [Found(first, None, (), made_of) for made_of in parts]
    assert sharing_pieces(found) == [slice(0, 1), slice(1, 4), slice(4, 5)]
    assert sharing_pieces([]) == []


@pytest.mark.parametrize(
    ("of_more", "thickness", "is_possible"),
    [
        (0.3, 4, True),  # the reader alone
        (0.06, 4, False),
        (0.06, 14, True),  # the reader hesitates, and a part of the stroke is as thick as two
        (0.002, 14, False),
    ],
)
def test_what_the_reader_and_the_ink_say_of_a_second_digit(of_more, thickness, is_possible):
    mask = np.zeros((80, 14), dtype=bool)
    mask[:, :4] = mask[10:24, :thickness] = True
    part = Piece(Box(0, 0, 14, 80), mask, 0)
    line_digit = LineDigit("1", 0.9, part.box, (0.9, 0.0), of_more)
    assert may_be_more(Found(part, line_digit, (), (part,))) == is_possible
    assert not may_be_more(Found(part, None, (), (part,)))


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


@pytest.mark.parametrize(
    ("weight", "by_reader", "label", "confidence"),
    [
        # Alone in its line: the classifier decides.
        (OF_ISOLATED, (0.0, 1.0), "?", 0.1),
        # Both see no digit: 0.1 ** 0.5 * 0.01 ** 0.5 against 0.9 ** 0.5 * 0.99 ** 0.5.
        (OF_WHOLE, (0.0, 0.01), "?", 0.03),
        # The reader is sure of a seven: 0.1 ** 0.5 against 0.9 ** 0.5 * 1e-4 ** 0.5.
        (OF_WHOLE, (0.0, 1.0), 7, 0.97),
        # A cut one may look like none because it was cut.
        (OF_CUT, (0.0, 1.0), 7, 0.99),
    ],
)
def test_what_the_classifier_takes_for_no_digit(weight, by_reader, label, confidence):
    unknown = digit("?", [0.9, 0.0, 0.1])
    found = judged(unknown, by_line("7", *by_reader), CLASSES, "17", weight)
    assert (found.label, found.flags) == (label, {"readers-disagree"})
    assert found.confidence == pytest.approx(confidence, abs=0.01)


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
    """A reader that sees two digits where there is no ink."""

    def _read_line(self, line):
        digit = LineDigit("7", 0.9, Box(0, 0, 2, 2), (0.9,))
        return LineReading("77", 0.9, [digit, digit])


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


def test_as_many_digits_as_pieces_are_the_pieces():
    # The right one leans over the left one, so that no column between them is free.
    ink = np.zeros((60, 80), dtype=np.float32)
    pieces = [piece(20, 5, 50, 15), piece(10, 20, 30, 40)]
    for one in pieces:
        ink[one.box.top : one.box.bottom, one.box.left : one.box.right] = 1
    digits = read_lines(PageReader(ink, Seven(), 2.6), Nowhere(), pieces)
    assert [one.box for one in digits] == [pieces[1].box, pieces[0].box]
    assert [one.label for one in digits] == [7, 7]
    assert not any("cut" in one.flags or "joined" in one.flags for one in digits)


class SureOf(Seven):
    """A model that is sure of narrow digits only, or of wide ones only."""

    def __init__(self, *, wide):
        self.wide = wide

    def predict_proba(self, X):
        widths = [np.ptp(np.flatnonzero(image.any(axis=0))) for image in X.reshape(-1, 28, 28)]
        is_sure = (np.array(widths) > 15) == self.wide
        return np.where(is_sure[:, None], [0.02, 0.98], [0.45, 0.55])


class Unsure:
    """A reader that sees as many digits side by side as it is told, and is unsure of each."""

    alphabet_ = "17"

    def __init__(self, n):
        self.n = n

    def _read_line(self, line):
        height, width = line.mask.shape
        edges = np.linspace(3, width - 3, self.n + 1).astype(int).tolist()
        boxes = [Box(left, 3, right, height - 3) for left, right in pairwise(edges)]
        return LineReading(
            "7" * self.n, 0.5, [LineDigit("7", 0.5, box, (0.4, 0.5)) for box in boxes]
        )


CUT_IN_HALF = [piece(10, 5, 35, 30)], 2, True
JOINED = [piece(10, 5, 17, 30), piece(28, 5, 35, 30)], 1, False


@pytest.mark.parametrize(("pieces", "n", "wide"), [CUT_IN_HALF, JOINED])
def test_whole_pieces_replace_unsure_parts(pieces, n, wide):
    ink = np.zeros((40, 50), dtype=np.float32)
    for one in pieces:
        ink[one.box.top : one.box.bottom, one.box.left : one.box.right] = 1
    sure = read_lines(PageReader(ink, SureOf(wide=wide), 2.6), Unsure(n), pieces)
    assert [one.box for one in sure] == [one.box for one in pieces]
    assert all(one.flags == {"readers-disagree"} for one in sure)
    # The classifier is unsure of the pieces: what the reader makes of them is kept.
    kept = read_lines(PageReader(ink, SureOf(wide=not wide), 2.6), Unsure(n), pieces)
    assert len(kept) == n
    assert all(one.flags & {"cut", "joined"} for one in kept)


def test_the_covered_share_of_a_piece():
    whole = piece(10, 10, 30, 20)
    assert covered(whole, []) == 0
    assert covered(whole, [piece(0, 0, 15, 40)]) == 0.25
    assert covered(whole, [piece(0, 0, 15, 40), piece(15, 10, 20, 20)]) == 0.5
