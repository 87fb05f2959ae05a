"""Reading lines: texts, confidences and boxes, patterns, blank and extreme pictures."""

import time

import numpy as np
import pytest

from sklearn_lenet import LineDigit, LineReading


@pytest.fixture
def free(reader):
    """The reader with other settings of decoding, which are set back afterwards."""
    yield reader
    reader.set_params(pattern=None, min_confidence=0.0)


def test_a_reading_has_text_confidence_and_digits(reader, bits):
    for reading, picture in zip(reader.read(bits[0][:20]), bits[0], strict=False):
        assert isinstance(reading, LineReading)
        assert 0 <= reading.confidence <= 1
        assert "".join(digit.label for digit in reading.digits) == reading.text
        height, width = picture.shape
        for digit in reading.digits:
            assert isinstance(digit, LineDigit)
            assert 0 <= digit.confidence <= 1
            assert 0 <= digit.box.left < digit.box.right <= width
            assert 0 <= digit.box.top < digit.box.bottom <= height
        lefts = [digit.box.left for digit in reading.digits]
        assert lefts == sorted(lefts)


def test_a_line_is_read_alike_whatever_lines_are_beside_it(reader, bits):
    together = reader.read(bits[0][:10])
    alone = [reader.read([picture])[0] for picture in bits[0][:10]]
    assert together == alone


def test_a_pattern_is_a_limit_to_the_texts(free, bits):
    texts = free.set_params(pattern=3).predict(bits[0][:20])
    assert {len(text) for text in texts} == {3}
    texts = free.set_params(pattern="1+").predict(bits[0][:20])
    assert set("".join(texts)) == {"1"}


def test_a_pattern_raises_the_confidence_of_what_matches(free, bits):
    plain = free.read(bits[0][:30])
    bounded = free.set_params(pattern=".{0,6}").read(bits[0][:30])
    for one, other in zip(plain, bounded, strict=True):
        if len(one.text) <= 6 and one.text == other.text:
            assert other.confidence >= one.confidence - 1e-9


def test_a_text_that_cannot_fit_is_uncertain(free):
    (reading,) = free.set_params(pattern=500).read([np.full((20, 20), 200, dtype=np.uint8)])
    assert reading == LineReading("?", 0.0, [])


def test_unsure_texts_are_rejected(free, bits):
    plain = free.read(bits[0][:40])
    middle = float(np.median([reading.confidence for reading in plain]))
    texts = free.set_params(min_confidence=middle).predict(bits[0][:40])
    rejected = np.array([reading.confidence < middle for reading in plain])
    assert ((texts == "?") == rejected).all()
    assert [digit for r in free.read(bits[0][:40]) if r.text == "?" for digit in r.digits]


def test_a_blank_line_is_an_empty_text_with_its_confidence(reader):
    (reading,) = reader.read([np.full((40, 200), 230, dtype=np.uint8)])
    assert reading.text == ""
    assert 0 < reading.confidence <= 1
    assert reading.digits == []


@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (5000, 1), (6, 5000), (300, 300)])
@pytest.mark.parametrize("kind", ["noise", "texture", "blank"])
def test_extreme_pictures_are_answered_within_a_second(reader, shape, kind):
    rng = np.random.default_rng(0)
    y, x = np.mgrid[: shape[0], : shape[1]]
    picture = {
        "noise": rng.integers(0, 256, shape),
        "texture": 128 + 100 * np.sin(0.3 * x + 0.2 * y),
        "blank": np.full(shape, 99),
    }[kind].astype(np.uint8)
    start = time.perf_counter()
    (reading,) = reader.read([picture])
    assert time.perf_counter() - start < 1
    assert set(reading.text) <= {"0", "1"}


def test_strips_are_what_the_net_sees(reader, bits):
    strips = reader.return_strips(bits[0][:3])
    assert all(strip.shape[0] == 32 and strip.dtype == np.float32 for strip in strips)
    assert all(0 <= strip.min() < strip.max() <= 1 for strip in strips)
