"""Several digits in one picture: where they are, in what order, and what is left out."""

import itertools
import os

import numpy as np
import pytest
import reading
from helpers import text
from PIL import Image, ImageDraw
from scipy import ndimage
from sklearn.linear_model import Perceptron
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline

from sklearn_lenet import DigitImageReader, LeNet5Classifier, NoDigitFoundError, read_digits
from sklearn_lenet.reading._deskew import Turn, skew_of
from sklearn_lenet.reading._piece import Box

SIDE = 48


@pytest.fixture(scope="module")
def sure(digits):
    """The first of each bundled digit as a picture of SIDE x SIDE, black on white."""
    X, y = digits
    pictures = {}
    for label in range(10):
        ink = np.kron(X[y == label][0].reshape(8, 8) / 16, np.ones((6, 6)))
        ink = ndimage.gaussian_filter(ink, 1.5)
        pictures[label] = np.clip(255 * (1 - 1.3 * ink), 0, 255).astype(np.uint8)
    return pictures


@pytest.fixture(scope="module")
def model(sure):
    """A model that knows these ten, and is sure of nothing else: no net's luck is in it."""
    rows = DigitImageReader().transform(list(sure.values()))
    near = KNeighborsClassifier(10, weights=lambda distances: (distances + 1) ** -8)
    return near.fit(rows, list(sure))


def page_of(sure, lines, gap=10, height=70):
    """Return a page with lines of digits, and the boxes of their ink."""
    width = max(len(line) for line in lines) * (SIDE + gap) + 60
    page = np.full((len(lines) * height + 40, width), 255, np.uint8)
    boxes = []
    for number, line in enumerate(lines):
        left = 30
        for label in line:
            digit = sure[int(label)]
            rows, columns = np.nonzero(digit < 128)
            digit = digit[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
            top = 25 + number * height
            place = page[top : top + len(digit), left : left + digit.shape[1]]
            np.minimum(place, digit, out=place)
            boxes.append((left, top, left + digit.shape[1], top + len(digit)))
            left += digit.shape[1] + gap
    return page, boxes


def test_a_line_is_read_from_the_left(model, sure):
    page, boxes = page_of(sure, ["8304261795"])
    digits = read_digits(page, model)
    assert text(digits) == "8304261795"
    for digit, box in zip(digits, boxes, strict=True):
        assert np.abs(np.subtract(digit.box, box)).max() <= 2
        assert digit.probabilities.sum() == pytest.approx(1, abs=1e-5)
        assert digit.confidence == digit.probabilities.max()
        assert digit.image.shape == (28, 28)
        assert not digit.touching


def test_a_block_is_read_line_by_line(model, sure):
    page, _ = page_of(sure, ["307", "12", "9548"])
    digits = read_digits(page, model)
    assert text(digits) == "307129548"
    assert [digit.line for digit in digits] == [0] * 3 + [1] * 2 + [2] * 4


@pytest.mark.parametrize("gap", [2, 3, 25])
def test_gaps_from_two_pixels_on(gap, model, sure):
    assert text(read_digits(page_of(sure, ["30526"], gap)[0], model)) == "30526"


@pytest.mark.parametrize("degrees", [-15, -8, 4, 11, 15])
def test_leaning_lines_are_made_upright(degrees, model, sure):
    page, _ = page_of(sure, ["3072648"])
    leaning = Image.fromarray(page).rotate(degrees, expand=True, fillcolor=255, resample=2)
    digits = read_digits(leaning, model)
    assert text(digits) == "3072648"
    ink = np.asarray(leaning) < 128
    for digit in digits:  # the boxes are those of the picture as it came
        left, top, right, bottom = digit.box
        assert ink[top:bottom, left:right].any()
    assert all(a.box.left < b.box.left for a, b in itertools.pairwise(digits))


def test_specks_are_left_out(model, sure):
    page, _ = page_of(sure, ["3072"])
    page[8:11, 100:103] = page[90:92, 40:43] = page[50, 12] = 0
    assert text(read_digits(page, model)) == "3072"


def test_ruled_lines_are_left_out(model, sure):
    page, _ = page_of(sure, ["30726", "48150"])
    page[82:84] = page[152:154] = 60
    assert text(read_digits(page, model)) == "3072648150"


def test_a_line_through_the_digits_feet(model, sure):
    page, boxes = page_of(sure, ["20726"])
    foot = max(box[3] for box in boxes)
    page[foot - 2 : foot] = 60
    assert text(read_digits(page, model)) == "20726"


def test_the_boxes_of_forms_are_left_out(model, sure):
    page, boxes = page_of(sure, ["30726"], gap=24)
    image = Image.fromarray(page)
    pen = ImageDraw.Draw(image)
    for left, top, right, bottom in boxes:
        pen.rectangle((left - 8, top - 8, right + 8, bottom + 8), outline=90, width=2)
    assert text(read_digits(image, model)) == "30726"


def test_a_comb_of_boxes_is_left_out(model, sure):
    page, boxes = page_of(sure, ["30726"], gap=24)
    image = Image.fromarray(page)
    pen = ImageDraw.Draw(image)
    top, bottom = boxes[0][1] - 9, max(box[3] for box in boxes) + 9
    edges = [boxes[0][0] - 12, *(box[2] + 12 for box in boxes)]
    pen.rectangle((edges[0], top, edges[-1], bottom), outline=90, width=2)
    for edge in edges[1:-1]:
        pen.line((edge, top, edge, bottom), 90, 2)
    assert text(read_digits(image, model)) == "30726"


@pytest.mark.parametrize("tail", [(-4, 14), (0, 8)])
def test_an_amount_with_a_comma(tail, model, sure):
    page, boxes = page_of(sure, ["30726"], gap=30)
    x, y = boxes[1][2] + 15, boxes[1][3]
    image = Image.fromarray(page)
    ImageDraw.Draw(image).line([(x, y - 5), (x, y), (x + tail[0], y + tail[1])], 0, 4)
    assert text(read_digits(image, model)) == "30726"


def test_a_pale_pen_beside_a_dark_one(model, sure):
    page, boxes = page_of(sure, ["30726"], gap=4)
    for left, _, right, _ in boxes[1::2]:
        page[:, left:right] = 255 - 0.42 * (255.0 - page[:, left:right])
    assert text(read_digits(page, model)) == "30726"


@pytest.mark.parametrize(("gap", "said"), [(4, "30"), (0, "?")])
def test_touching_digits_are_cut_or_uncertain(gap, said, model, sure):
    """Where a stroke joins them they are parted; where they lie side by side as well, not here."""
    page, boxes = page_of(sure, ["30", "7"], gap=gap)
    middle = (boxes[0][1] + boxes[0][3]) // 2
    page[middle : middle + 3, boxes[0][2] - 8 : boxes[1][0] + 8] = 0
    digits = read_digits(page, model)
    first = [digit for digit in digits if digit.line == 0]
    assert all(digit.touching for digit in first)
    assert text(first) == said
    assert text(digits).endswith("7")


def test_what_is_not_sure_is_a_question_mark(model, sure):
    page, _ = page_of(sure, ["30726"])
    digits = read_digits(page, model, min_confidence=1.0)
    assert set(text(digits)) <= set("?30726")
    assert "?" in text(digits)
    assert all((digit.label == "?") == (digit.confidence < 1) for digit in digits)
    assert [digit.probabilities.argmax() for digit in digits] == [3, 0, 7, 2, 6]


def test_white_on_black_and_in_colour(model, sure):
    page, _ = page_of(sure, ["3072"])
    assert text(read_digits(255 - page, model)) == "3072"
    coloured = np.dstack([page, page, np.full_like(page, 255)])
    assert text(read_digits(coloured, model)) == "3072"


def test_boxes_of_a_large_picture_are_its_own(model, sure):
    page, boxes = page_of(sure, ["3072"])
    large = Image.fromarray(page).resize((page.shape[1] * 11, page.shape[0] * 11))
    for digit, box in zip(read_digits(large, model), boxes, strict=True):
        assert np.abs(np.subtract(digit.box, np.multiply(box, 11))).max() <= 30


def test_a_pipeline_that_begins_with_the_reader(model, sure):
    page, _ = page_of(sure, ["3072"])
    assert text(read_digits(page, make_pipeline(DigitImageReader(), model))) == "3072"


def test_a_blank_page():
    with pytest.raises(NoDigitFoundError, match="blank"):
        read_digits(np.full((50, 200), 255, np.uint8), LeNet5Classifier())


@pytest.mark.parametrize("value", [-0.1, 1.1, 95])
def test_a_confidence_that_is_none(value, model):
    with pytest.raises(ValueError, match=f"min_confidence={value} is no probability: use 0 to 1"):
        read_digits(np.zeros((9, 9)), model, min_confidence=value)


def test_a_model_without_probabilities():
    with pytest.raises(
        TypeError, match="Perceptron came as model, but read_digits needs predict_proba"
    ):
        read_digits(np.zeros((9, 9)), Perceptron())


# Step by step


def test_a_box_turned_there_and_back():
    turn = Turn((100, 200), 10)
    ink = np.zeros((100, 200), np.float32)
    ink[40:50, 120:140] = 1
    rows, columns = np.nonzero(turn.turned(ink) > 0.5)
    box = Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    left, top, right, bottom = turn.back(box)
    assert left <= 120
    assert top <= 40
    assert right >= 140
    assert bottom >= 50
    assert right - left < 34
    assert bottom - top < 26


@pytest.mark.parametrize("degrees", [-12, -5, 0, 7, 14])
def test_the_lean_of_a_line(degrees):
    page = np.zeros((120, 400), np.float32)
    for left in range(30, 370, 40):
        page[40:80, left : left + 5] = page[40:45, left : left + 22] = 1
    leaning = ndimage.rotate(page, -degrees, order=1) > 0.5
    assert skew_of(leaning) == pytest.approx(degrees, abs=1.5)


def test_level_digits_whose_bars_lean_are_left_as_they_are():
    page = Image.new("L", (400, 120), 0)
    for left in range(30, 350, 60):
        ImageDraw.Draw(page).line((left, 40, left + 40, 48), 255, 5)
        ImageDraw.Draw(page).line((left + 40, 48, left + 30, 80), 255, 2)
    mask = np.asarray(page) > 127
    assert skew_of(mask) == 0
    leaning = ndimage.rotate(mask.astype(np.float32), -10, order=1) > 0.5
    assert skew_of(leaning) == pytest.approx(10, abs=3)


# Other people's handwriting


@pytest.fixture(scope="module")
def hands():
    if "SKLEARN_LENET_DIGITS" not in os.environ:
        pytest.skip("needs other handwriting: set SKLEARN_LENET_DIGITS to a folder of it")
    return reading.other_hands


@pytest.mark.slow
def test_other_hands_are_read(hands, mnist):
    """A short training reads most of it; `make bench-reading` measures a long one."""
    X, y, _, _ = mnist
    model = LeNet5Classifier(augment="affine", pooling="avg", max_epochs=3, random_state=0)
    model.fit(X, y)
    assert reading.right(model, *hands("scans")) > 0.9
    assert reading.right(model, *hands("drawn")) > 0.98
