"""Several digits in one picture: their places, their order, and what is left out."""

import contextlib
import itertools
import os

import _pictures
import numpy as np
import pytest
import reading
from helpers import text
from PIL import Image, ImageDraw
from scipy import ndimage
from sklearn.linear_model import Perceptron
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline

from sklearn_lenet import (
    DigitImageReader,
    LeNet5Classifier,
    NoDigitFoundError,
    UnreadableImageError,
    read_digits,
)

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
    """A deterministic model that knows these ten digits and is unsure of everything else."""
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
        assert not digit.needs_review


def test_a_block_is_read_line_by_line(model, sure):
    page, _ = page_of(sure, ["307", "12", "9548"])
    digits = read_digits(page, model)
    assert text(digits) == "307129548"
    assert [digit.line for digit in digits] == [0] * 3 + [1] * 2 + [2] * 4


@pytest.mark.parametrize("gap", [2, 3, 25])
def test_gaps_from_two_pixels_on(gap, model, sure):
    assert text(read_digits(page_of(sure, ["30526"], gap)[0], model)) == "30526"


@pytest.mark.parametrize("degrees", [-15, -8, 4, 11, 15])
def test_skewed_lines_are_levelled(degrees, model, sure):
    page, _ = page_of(sure, ["3072648"])
    leaning = Image.fromarray(page).rotate(degrees, expand=True, fillcolor=255, resample=2)
    digits = read_digits(leaning, model)
    assert text(digits) == "3072648"
    ink = np.asarray(leaning) < 128
    for digit in digits:  # the boxes are those of the original picture
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


@pytest.mark.parametrize(("gap", "expected"), [(4, "30"), (0, "?")])
def test_touching_digits_are_cut_or_uncertain(gap, expected, model, sure):
    """Digits joined by a stroke are cut; digits that also touch directly are uncertain."""
    page, boxes = page_of(sure, ["30", "7"], gap=gap)
    middle = (boxes[0][1] + boxes[0][3]) // 2
    page[middle : middle + 3, boxes[0][2] - 8 : boxes[1][0] + 8] = 0
    digits = read_digits(page, model)
    first = [digit for digit in digits if digit.line == 0]
    assert all(digit.needs_review for digit in first)
    assert text(first) == expected
    assert text(digits).endswith("7")


def test_a_label_below_the_threshold_is_a_question_mark(model, sure):
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
def test_a_threshold_that_is_not_a_probability(value, model):
    with pytest.raises(
        ValueError, match=f"min_confidence={value} is not a probability: use 0 to 1"
    ):
        read_digits(np.zeros((9, 9)), model, min_confidence=value)


def test_a_model_without_probabilities():
    with pytest.raises(
        TypeError, match="model=Perceptron has no predict_proba: pass a fitted classifier"
    ):
        read_digits(np.zeros((9, 9)), Perceptron())


def test_all_of_a_thousand_digits_are_read(digits):
    """The model is a stub: what counts is that no piece of the page is lost."""

    class One:
        classes_ = np.arange(10)

        def predict_proba(self, rows):
            return np.eye(10, dtype=np.float32)[np.ones(len(rows), dtype=int)]

    page = np.zeros((25 * 40, 40 * 30), dtype=np.uint8)
    for k in range(1000):
        top, left = 40 * (k // 40) + 5, 30 * (k % 40) + 5
        page[top : top + 28, left + k % 9 : left + k % 9 + 5] = 255
    found = read_digits(page, One())
    assert [(d.line, d.box.left) for d in found] == [
        (k // 40, 30 * (k % 40) + 5 + k % 9) for k in range(1000)
    ]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("paper", ["ruled", "squared"])
def test_any_digit_on_ruled_or_squared_paper_is_read_or_not_found(paper, seed, sure, model):
    rng = np.random.default_rng(seed)
    for label in range(10):
        page = np.full((160, 160), 250, dtype=np.uint8)
        step, width = rng.integers(9, 40), rng.integers(1, 4)
        for k in range(0, 160, step):
            page[k : k + width] = 120
            if paper == "squared":
                page[:, k : k + width] = 120
        digit = np.kron(sure[label], np.ones((2, 2), dtype=np.uint8))
        top, left = rng.integers(0, 64, 2)
        part = page[top : top + 2 * SIDE, left : left + 2 * SIDE]
        part[digit < 128] = 20
        with contextlib.suppress(NoDigitFoundError):
            assert np.isfinite([d.confidence for d in read_digits(page, model)]).all()
        with contextlib.suppress(NoDigitFoundError):
            assert DigitImageReader().transform([page]).shape == (1, 784)


def texture(kind, side=500):
    rng = np.random.default_rng(0)
    noise = rng.random((side, side))
    if kind == "noise":
        return noise
    if kind == "blots":
        return ndimage.gaussian_filter(noise, 5)
    if kind == "weave":
        return np.sin(np.arange(side))[:, None] * np.sin(np.arange(side))
    return (noise > {"salt": 0.999, "pepper": 0.02}[kind]).astype(float)


@pytest.mark.parametrize("kind", ["noise", "blots", "weave", "salt", "pepper"])
@pytest.mark.parametrize("side", [6, 40, 500])
def test_texture_is_read_or_refused(kind, side, model):
    with contextlib.suppress(NoDigitFoundError, UnreadableImageError):
        read_digits(texture(kind, side), model)


# Handwriting from other sources


@pytest.fixture(scope="module")
def handwriting():
    if "SKLEARN_LENET_DIGITS" not in os.environ:
        pytest.skip("needs scanned and drawn digits: set SKLEARN_LENET_DIGITS to their folder")
    return _pictures.other_writers


@pytest.mark.slow
def test_handwriting_from_other_sources_is_read(handwriting, mnist):
    """A short training reads most digits; `make bench-reading` measures a long one."""
    X, y, _, _ = mnist
    model = LeNet5Classifier(augment="affine", pooling="avg", max_epochs=3, random_state=0)
    model.fit(X, y)
    assert reading.right(model, *handwriting("scans")) > 0.9
    assert reading.right(model, *handwriting("drawn")) > 0.98
