"""One digit or two: where a piece is cut, and when it is one all the same."""

import itertools

import numpy as np
import pytest
from helpers import text
from PIL import Image, ImageDraw

from sklearn_lenet import read_digits
from sklearn_lenet.reading import _piece
from sklearn_lenet.reading import _touching_digits as touching
from sklearn_lenet.reading._piece import Box
from sklearn_lenet.reading._read_digits import read_one


def piece_of(drawing, scale=4):
    """Return a piece drawn with # in lines of text, each character so many pixels wide and high."""
    drawn = np.array([[mark == "#" for mark in line] for line in drawing.split()])
    mask = drawn.repeat(scale, axis=0).repeat(scale, axis=1)
    return _piece.Piece(Box(5, 7, 5 + mask.shape[1], 7 + mask.shape[0]), mask, line=2)


PAIR = "##..## ##..## ###### ##..## ##..##"
TRIPLE = "##..##..## ##..##..## ########## ##..##..## ##..##..##"


@pytest.mark.parametrize("scale", [4, 61])  # the larger one is cut on a coarser grid
@pytest.mark.parametrize(("drawing", "counts"), [(PAIR, [2]), (TRIPLE, [2, 2, 3])])
def test_a_piece_is_cut_where_bridges_are(drawing, counts, scale):
    piece = piece_of(drawing, scale)
    ways = touching.partitions(piece)
    assert [len(parts) for parts in ways] == counts
    for parts in ways:
        boxes = [part.box for part in parts]
        assert (boxes[0].left, boxes[-1].right) == (piece.box.left, piece.box.right)
        assert all(a.right <= b.left for a, b in itertools.pairwise(boxes))
        assert sum(part.mask.sum() for part in parts) == piece.mask.sum()
        assert {(box.top, box.bottom) for box in boxes} == {(7, 7 + 5 * scale)}
        assert {part.line for part in parts} == {2}


@pytest.mark.parametrize(
    "drawing",
    [
        "###### ##..## ##..## ##..## ######",  # a loop
        "###### ....## ...##. ..##.. .##...",  # a seven
        "###### ##.... ####.. ..##.. ####..",  # a five
        "...### ..#### .#..## #...## ....##",  # a one with a long upstroke
    ],
)
def test_single_digits_have_no_bridge(drawing):
    assert touching.partitions(piece_of(drawing)) == []


def test_noise_is_no_pair_of_digits():
    mask = np.random.default_rng(0).random((700, 900)) < 0.4
    assert touching.partitions(_piece.Piece(Box(0, 0, 900, 700), mask)) == []


class Sure:
    """A stand-in for a model: so sure of what it is asked first, so sure of all that follows."""

    classes_ = np.arange(10)

    def __init__(self, *confidences, label=4):
        self.confidences = list(confidences)
        self.label = label

    def predict_proba(self, rows):
        first = self.confidences[0]
        if len(self.confidences) > 1:
            self.confidences.pop(0)
        probabilities = np.full((len(rows), 10), (1 - first) / 9)
        probabilities[:, self.label] = first
        return probabilities


def gate(pen, width):
    pen.rectangle((20, 20, 25, 59), 0)
    pen.rectangle((14 + width, 20, 19 + width, 59), 0)
    pen.rectangle((20, 38, 19 + width, 41), 0)


def roof(pen, width):
    pen.line((20, 59, 14 + width, 20, 19 + width, 59), 0, 4)


def wedge(pen, width):
    pen.line((20, 20, 20 + width // 2, 59, 20 + width, 20), 0, 4)


@pytest.mark.parametrize(
    ("shape", "width", "whole", "parts", "said", "marked"),
    [
        (gate, 60, 0.9, 0.9, "44", True),
        (gate, 60, 0.9, 0.8, "4", True),  # as a wide zero has it whose end hangs out
        (gate, 60, 0.8, 0.8, "?", True),  # it can be cut, and nobody knows
        (gate, 60, 0.4, 0.4, "?", True),
        (gate, 40, 0.9, 0.9, "44", True),
        (gate, 40, 0.95, 0.9, "4", True),  # as a zero has it that goes round too far
        (gate, 40, 0.4, 0.9, "44", True),
        (gate, 40, 0.9, 0.8, "4", True),  # it can be cut
        (gate, 40, 0.7, 0.8, "4", True),
        (gate, 40, 0.4, 0.8, "?", True),
        (gate, 30, 0.2, 0.9, "4", False),  # as narrow as digits are
        (roof, 60, 0.9, 0.9, "4", True),  # as a one has it with a long upstroke
        (roof, 60, 0.6, 0.9, "?", True),
        (roof, 60, 0.4, 0.9, "44", True),
        (wedge, 60, 0.9, 0.9, "4", True),
        (wedge, 80, 0.9, 0.9, "44", True),  # too wide for a one
        (roof, 40, 0.9, 0.9, "4", True),
        (roof, 40, 0.4, 0.9, "44", True),
    ],
)
def test_one_digit_or_two(shape, width, whole, parts, said, marked):
    page = Image.new("L", (120, 80), 255)
    shape(ImageDraw.Draw(page), width)
    digits = read_digits(page, Sure(whole, parts))
    assert text(digits) == said
    assert {digit.touching for digit in digits} == {marked}


@pytest.mark.parametrize(
    ("width", "confidence", "said"),
    [(56, 0.9, "4"), (56, 0.8, "4"), (56, 0.4, "?"), (72, 0.9, "?")],
)
def test_a_wide_loop_is_one_digit_where_that_is_sure(width, confidence, said):
    page = Image.new("L", (120, 80), 255)
    ImageDraw.Draw(page).ellipse((20, 20, 20 + width, 60), outline=0, width=4)
    (digit,) = read_digits(page, Sure(confidence))
    assert (str(digit.label), digit.touching) == (said, True)


@pytest.mark.parametrize(
    ("loops", "label", "marked"),
    [(1, 4, False), (2, 4, True), (2, 8, False), (3, 8, True)],
)
def test_more_loops_than_a_digit_has_are_marked(loops, label, marked):
    """Digits that lie over each other have no bridge, and a net may be sure of one of them."""
    page = Image.new("L", (120, 120), 255)
    pen = ImageDraw.Draw(page)
    for k in range(loops):
        pen.rectangle((20, 20 + 20 * k, 40, 44 + 20 * k), outline=0, width=4)
    (digit,) = read_digits(page, Sure(0.9, label=label))
    assert (digit.label, digit.touching) == (label, marked)


def open_four(pen, gap):
    """Draw a four whose stem stands apart from its left stroke and its bar."""
    pen.line((20, 20, 20, 52, 42, 58), 0, 5)
    pen.line((50 + gap, 16, 40 + gap, 48), 0, 5)


def two_lines(pen, gap):
    pen.line((20, 60, 34, 20), 0, 5)
    pen.line((32 + gap, 60, 46 + gap, 20), 0, 5)


def broken_zero(pen, gap):
    """Draw a zero as two bows, whose ends lie over each other and do not meet."""
    pen.line((42, 20, 20, 30, 20, 50, 42, 60), 0, 5)
    pen.line((36 + gap, 29, 60 + gap, 35, 60 + gap, 45, 36 + gap, 51), 0, 5)


@pytest.mark.parametrize(
    ("shape", "gap", "parts", "whole", "said"),
    [
        (open_four, 0, 0.9, 0.9, "4"),
        (open_four, 0, 0.9, 0.8, "44"),  # nobody knows
        (open_four, 12, 0.9, 0.9, "44"),  # apart
        (two_lines, 0, 0.9, 0.9, "44"),  # as ones are
        (broken_zero, 0, 0.8, 0.9, "4"),
        (broken_zero, 0, 0.9, 0.9, "44"),  # so broad, one digit must be the likelier
        (broken_zero, 0, 0.9, 0.8, "44"),
        (broken_zero, 14, 0.9, 0.95, "44"),
    ],
)
def test_halves_of_a_digit_are_one_where_that_is_sure(shape, gap, parts, whole, said):
    page = Image.new("L", (120, 90), 255)
    shape(ImageDraw.Draw(page), gap)
    digits = read_digits(page, Sure(parts, whole))
    assert text(digits) == said
    assert {digit.touching for digit in digits} == {said == "4"}


class Refusing:
    """A stand-in for a model that takes what is high for no digit, so surely, or for a four."""

    def __init__(self, classes, none):
        self.classes_ = np.array(classes)
        self.none = none

    def predict_proba(self, rows):
        images = np.reshape(rows, (-1, 28, 28)) > 0
        high = images.any(axis=2).sum(axis=1) > images.any(axis=1).sum(axis=1)
        return np.where(high[:, None], [[self.none, 1 - self.none]], [[0.04, 0.96]])


@pytest.mark.parametrize("classes", [[-1, 4], ["-1", "4"]])
@pytest.mark.parametrize(("none", "said"), [(0.9, "?"), (0.7, "4"), (0.1, "4")])
def test_what_a_model_takes_for_no_digit(classes, none, said):
    """It is a question mark where that is sure, and marked where it is not out of the question."""
    page = Image.new("L", (160, 90), 255)
    ImageDraw.Draw(page).rectangle((20, 20, 24, 60), 0)
    ImageDraw.Draw(page).rectangle((60, 20, 104, 60), outline=0, width=5)
    model = Refusing(classes, none)
    stroke, box = read_digits(page, model)
    assert (str(stroke.label), stroke.touching) == (said, True)
    assert stroke.confidence == pytest.approx(1 - none)
    assert (str(box.label), box.confidence, box.touching) == ("4", 0.96, False)
    assert str(read_one(page.crop((0, 0, 50, 90)), model).label) == said
    assert str(read_one(page.crop((40, 0, 160, 90)), model).label) == "4"
