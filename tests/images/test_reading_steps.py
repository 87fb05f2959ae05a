"""The steps of a picture, and any array."""

import numpy as np
import pytest
from drawn_seven import same, seven
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from sklearn_lenet import DigitImageReader, NoDigitFoundError, UnreadableImageError
from sklearn_lenet.images._mnist_form import BOX, FINE
from sklearn_lenet.images._reading_steps import read_digit


def test_steps_can_be_inspected():
    (steps,) = DigitImageReader().return_steps([seven(mode="RGB", background="white", ink="blue")])
    assert steps.picture.shape == (120, 160, 3)
    assert steps.ink.shape == steps.mask.shape == (120, 160)
    assert 0 <= steps.ink.min() < 0.1 < 0.8 < steps.ink.max() <= 1
    assert max(steps.stroke.shape) == pytest.approx(BOX * FINE, abs=12)
    assert np.array_equal(
        steps.digit, DigitImageReader().transform([seven()])[0].reshape(28, 28)
    ) or same(steps.digit)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(arrays.arrays(
    st.sampled_from([np.uint8, np.uint16, np.int64, np.float32, np.bool_]),
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
))  # fmt: skip
def test_any_array_is_read_or_refused(values):
    try:
        digit = read_digit(values).digit
    except (NoDigitFoundError, UnreadableImageError):
        return
    assert digit.shape == (28, 28)
    assert digit.dtype == np.uint8
    assert digit.max() > 0
