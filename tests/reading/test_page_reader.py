"""PageReader: halves are joined, touching digits are cut, doubts are flagged."""

from types import SimpleNamespace

import numpy as np
import pytest
from helpers import quick, text
from PIL import Image, ImageDraw
from sklearn.pipeline import make_pipeline

from sklearn_lenet import Digit, PadNormalizer, read_digits
from sklearn_lenet.reading._digit import MAYBE_NOT_A_DIGIT
from sklearn_lenet.reading._page_reader import PageReader, flag_strange, labelled
from sklearn_lenet.reading._piece import Box, Piece
from sklearn_lenet.reading._read_digits import read_one


class Sure:
    """A fake model with one confidence for its first prediction and another for all others."""

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
    ("shape", "width", "whole", "parts", "expected", "flagged"),
    [
        (gate, 60, 0.9, 0.9, "44", True),
        (gate, 60, 0.9, 0.8, "4", True),  # like a wide 0 with a loose end
        (gate, 60, 0.8, 0.8, "?", True),  # it can be cut, and nothing is sure
        (gate, 60, 0.4, 0.4, "?", True),
        (gate, 40, 0.9, 0.9, "44", True),
        (gate, 40, 0.95, 0.9, "4", True),  # like a 0 that is drawn too far round
        (gate, 40, 0.4, 0.9, "44", True),
        (gate, 40, 0.9, 0.8, "4", True),  # it can be cut
        (gate, 40, 0.7, 0.8, "4", True),
        (gate, 40, 0.4, 0.8, "?", True),
        (gate, 30, 0.2, 0.9, "4", False),  # as narrow as a digit
        (roof, 60, 0.9, 0.9, "4", True),  # like a 1 with a long upstroke
        (roof, 60, 0.6, 0.9, "?", True),
        (roof, 60, 0.4, 0.9, "44", True),
        (wedge, 60, 0.9, 0.9, "4", True),
        (wedge, 80, 0.9, 0.9, "44", True),  # too wide for a 1
        (roof, 40, 0.9, 0.9, "4", True),
        (roof, 40, 0.4, 0.9, "44", True),
    ],
)
def test_one_digit_or_two(shape, width, whole, parts, expected, flagged):
    page = Image.new("L", (120, 80), 255)
    shape(ImageDraw.Draw(page), width)
    digits = read_digits(page, Sure(whole, parts))
    assert text(digits) == expected
    assert {digit.needs_review for digit in digits} == {flagged}


@pytest.mark.parametrize(
    ("width", "confidence", "expected"),
    [(56, 0.9, "4"), (56, 0.8, "4"), (56, 0.4, "?"), (72, 0.9, "?")],
)
def test_a_wide_loop_is_one_digit_if_the_model_is_sure(width, confidence, expected):
    page = Image.new("L", (120, 80), 255)
    ImageDraw.Draw(page).ellipse((20, 20, 20 + width, 60), outline=0, width=4)
    (digit,) = read_digits(page, Sure(confidence))
    assert (str(digit.label), digit.flags) == (expected, {"touching"})


@pytest.mark.parametrize(
    ("loops", "label", "flagged"),
    [(1, 4, False), (2, 4, True), (2, 8, False), (3, 8, True)],
)
def test_more_loops_than_a_digit_has_are_flagged(loops, label, flagged):
    """Overlapping digits have no place to cut, and a net may be sure of one of them."""
    page = Image.new("L", (120, 120), 255)
    pen = ImageDraw.Draw(page)
    for k in range(loops):
        pen.rectangle((20, 20 + 20 * k, 40, 44 + 20 * k), outline=0, width=4)
    (digit,) = read_digits(page, Sure(0.9, label=label))
    assert (digit.label, digit.needs_review) == (label, flagged)


def open_four(pen, gap):
    """Draw a 4 whose stem does not touch its left stroke and its bar."""
    pen.line((20, 20, 20, 52, 42, 58), 0, 5)
    pen.line((50 + gap, 16, 40 + gap, 48), 0, 5)


def two_lines(pen, gap):
    pen.line((20, 60, 34, 20), 0, 5)
    pen.line((32 + gap, 60, 46 + gap, 20), 0, 5)


def broken_zero(pen, gap):
    """Draw a 0 as two arcs whose ends overlap without touching."""
    pen.line((42, 20, 20, 30, 20, 50, 42, 60), 0, 5)
    pen.line((36 + gap, 29, 60 + gap, 35, 60 + gap, 45, 36 + gap, 51), 0, 5)


@pytest.mark.parametrize(
    ("shape", "gap", "parts", "whole", "expected"),
    [
        (open_four, 0, 0.9, 0.9, "4"),
        (open_four, 0, 0.9, 0.8, "44"),  # nothing is sure
        (open_four, 12, 0.9, 0.9, "44"),  # apart
        (two_lines, 0, 0.9, 0.9, "44"),  # like two ones
        (broken_zero, 0, 0.8, 0.9, "4"),
        (broken_zero, 0, 0.9, 0.9, "44"),  # it is broad, so one digit must be more probable
        (broken_zero, 0, 0.9, 0.8, "44"),
        (broken_zero, 14, 0.9, 0.95, "44"),
    ],
)
def test_halves_of_a_digit_are_one_if_the_model_is_sure(shape, gap, parts, whole, expected):
    page = Image.new("L", (120, 90), 255)
    shape(ImageDraw.Draw(page), gap)
    digits = read_digits(page, Sure(parts, whole))
    assert text(digits) == expected
    assert {digit.flags for digit in digits} == {frozenset({"joined"} if expected == "4" else ())}


class Rejecting:
    """A fake model for which high images are not digits with this probability, others are fours."""

    def __init__(self, classes, non_digit):
        self.classes_ = np.array(classes)
        self.non_digit = non_digit

    def predict_proba(self, rows):
        images = np.reshape(rows, (-1, 28, 28)) > 0
        high = images.any(axis=2).sum(axis=1) > images.any(axis=1).sum(axis=1)
        return np.where(high[:, None], [[self.non_digit, 1 - self.non_digit]], [[0.04, 0.96]])


@pytest.mark.parametrize("classes", [[-1, 4], ["-1", "4"]])
@pytest.mark.parametrize(("non_digit", "expected"), [(0.9, "?"), (0.7, "4"), (0.1, "4")])
def test_what_a_model_does_not_take_for_a_digit(classes, non_digit, expected):
    """The label is "?" if the model is sure, and the digit is flagged if it is in doubt."""
    page = Image.new("L", (160, 90), 255)
    ImageDraw.Draw(page).rectangle((20, 20, 24, 60), 0)
    ImageDraw.Draw(page).rectangle((60, 20, 104, 60), outline=0, width=5)
    model = Rejecting(classes, non_digit)
    stroke, box = read_digits(page, model)
    assert (str(stroke.label), stroke.flags >= {"maybe-not-a-digit"}) == (expected, True)
    assert stroke.confidence == pytest.approx(1 - non_digit)
    assert (str(box.label), box.confidence, box.needs_review) == ("4", 0.96, False)
    assert str(read_one(page.crop((0, 0, 50, 90)), model).label) == expected
    assert str(read_one(page.crop((40, 0, 160, 90)), model).label) == "4"


class Counting(Sure):
    """A fake model that counts its predictions."""

    def __init__(self, *confidences):
        super().__init__(*confidences)
        self.calls = 0

    def predict_proba(self, rows):
        self.calls += 1
        return super().predict_proba(rows)


def test_parts_of_several_pieces_are_predicted_at_once():
    page = Image.new("L", (400, 80), 255)
    pen = ImageDraw.Draw(page)
    for left in (0, 100, 200):
        pen.rectangle((20 + left, 20, 25 + left, 59), 0)
        pen.rectangle((74 + left, 20, 79 + left, 59), 0)
        pen.rectangle((20 + left, 38, 79 + left, 41), 0)
    model = Counting(0.9, 0.9)
    digits = read_digits(page, model)
    assert text(digits) == "444444"
    assert {digit.flags for digit in digits} == {frozenset({"cut"})}
    assert model.calls == 2


def test_three_pieces_can_be_joined_to_one():
    mask = np.zeros((60, 60), dtype=bool)
    pieces = []
    for left, top in ((10, 5), (16, 20), (22, 35)):
        box = Box(left, top, left + 26, top + 12)
        mask[top : top + 12, left : left + 26] = True
        pieces.append(Piece(box, np.ones((12, 26), dtype=bool)))
    model = Counting(0.6, 0.9)
    digits = PageReader(mask.astype(np.float32), model, 2.6).read(pieces)
    assert [digit.box for digit in digits] == [(10, 5, 48, 47)]
    assert digits[0].flags >= {"joined"}


@pytest.mark.parametrize(
    ("probabilities", "label", "confidence", "flags"),
    [
        ([0.04, 0.06, 0.9], "?", 0.06, {"maybe-not-a-digit"}),
        ([0.2, 0.6, 0.2], 7, 0.6, {"maybe-not-a-digit"}),
        ([0.05, 0.9, 0.05], 7, 0.9, set()),
    ],
)
def test_labels_and_flags_by_hand(probabilities, label, confidence, flags):
    model = SimpleNamespace(classes_=np.array([3, 7, -1]))
    assert labelled(model, np.array(probabilities)) == (label, confidence, flags)


@pytest.mark.parametrize(
    ("non_digit", "label", "flagged"), [(0.9, "?", True), (0.3, 7, False), (0.06, 7, False)]
)
def test_a_model_with_novelty_only_flags_what_it_is_sure_of(non_digit, label, flagged):
    model = SimpleNamespace(classes_=np.array([3, 7, -1]), novelty_threshold_=0.2)
    found = labelled(model, np.array([0.01, 0.99 - non_digit, non_digit]))
    assert (found[0], found[2]) == (label, {MAYBE_NOT_A_DIGIT} if flagged else set())


class Novel(Sure):
    """A fake model whose novelty is the share of ink."""

    def __init__(self, threshold):
        super().__init__(0.99)
        self.novelty_threshold_ = threshold

    def novelty_score(self, rows):
        return (rows > 0).mean(axis=1)


@pytest.mark.parametrize(("threshold", "flagged"), [(0.0, True), (0.99, False)])
def test_a_digit_is_flagged_above_the_threshold_of_novelty(threshold, flagged):
    page = Image.new("L", (200, 80), 255)
    ImageDraw.Draw(page).line((40, 20, 60, 60), 0, 5)
    ImageDraw.Draw(page).line((120, 20, 140, 60), 0, 5)
    digits = read_digits(page, Novel(threshold))
    assert [MAYBE_NOT_A_DIGIT in digit.flags for digit in digits] == [flagged] * 2
    one = read_one(page.crop((20, 0, 80, 80)), Novel(threshold))
    assert (MAYBE_NOT_A_DIGIT in one.flags) == flagged


def test_the_novelty_of_a_pipeline_is_that_of_its_last_step(digits):
    X, y = digits
    model = make_pipeline(PadNormalizer(), quick()).fit(X[:100], y[:100])
    rows = X[100:130]
    novelty = model[-1].novelty_score(model[0].transform(rows))
    model[-1].novelty_threshold_ = np.median(novelty)
    found = [
        Digit(1, 0.9, Box(0, 0, 9, 9), None, 0, frozenset(), row.reshape(8, 8)) for row in rows
    ]
    flagged = [MAYBE_NOT_A_DIGIT in digit.flags for digit in flag_strange(model, found)]
    assert flagged == (novelty > np.median(novelty)).tolist()
