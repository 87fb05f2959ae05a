"""Shift and scale of all pixels, recomputed by NumPy, and the warning of another range."""

import numpy as np
import pytest

from sklearn_lenet.utils._pixel_scale import (
    CHUNK,
    learn_scale,
    merged,
    scale_of,
    summarise,
    warn_of_other_range,
)


def test_mean_and_deviation_are_those_of_all_pixels():
    rows = np.random.default_rng(0).normal(3, 5, size=(CHUNK + 100, 7))
    scale = learn_scale(rows)
    assert scale.mean == pytest.approx(rows.mean(), rel=1e-12)
    assert scale.deviation == pytest.approx(rows.std(), rel=1e-12)
    assert (scale.lowest, scale.highest) == (rows.min(), rows.max())


def test_the_type_does_not_matter():
    pixels = np.random.default_rng(0).integers(0, 256, size=(50, 64))
    scales = {
        learn_scale(pixels.astype(dtype)) for dtype in (np.uint8, np.int64, np.float32, float)
    }
    assert len(scales) == 1


def test_a_weight_is_a_row_repeated():
    rows = np.random.default_rng(0).normal(size=(9, 4))
    times = np.array([1, 1, 2, 3, 1, 1, 2, 1, 4])
    weighted, repeated = (
        learn_scale(rows, times.astype(float)),
        learn_scale(rows.repeat(times, axis=0)),
    )
    assert weighted[:2] == pytest.approx(repeated[:2], rel=1e-14)


@pytest.mark.parametrize("value", [0.0, 0.1, 1e6 + 0.1, -7])
def test_equal_pixels_have_deviation_one(value):
    assert learn_scale(np.full((30, 3), value)).deviation == 1.0


DIGITS = np.random.default_rng(0).choice([0.0, 40.0, 255.0], size=(200, 64))


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (lambda x: x / 255, "0 to 1"),
        (lambda x: x * 255, "0 to 65025"),
        (lambda x: (x - 33) / 78.5, "-0.420382 to 2.82803"),
        (lambda x: -x, "-255 to 0"),
    ],
)
@pytest.mark.parametrize("n", [1, 200])
def test_another_range_warns_and_names_both(change, names, n):
    with pytest.warns(UserWarning, match=f"{names}, but Net was fitted on pixels from 0 to 255"):
        warn_of_other_range(change(DIGITS[:n]), learn_scale(DIGITS), "Net")


@pytest.mark.parametrize(
    "change",
    [lambda x: x, lambda x: 0 * x, lambda x: x * 0.7, lambda x: 255 - x, lambda x: x + 100],
)
def test_the_same_range_a_blank_and_a_paler_digit_do_not_warn(change):
    for n in (1, 200):
        warn_of_other_range(change(DIGITS[:n]), learn_scale(DIGITS), "Net")


@pytest.mark.parametrize("fit_on", ["raw", "unit", "normalised"])
@pytest.mark.parametrize("predict_on", ["raw", "unit", "normalised"])
def test_the_three_usual_scales_of_digits_are_told_apart(digits, fit_on, predict_on):
    X = digits[0]
    scales = {"raw": X, "unit": X / 16, "normalised": (X - X.mean()) / X.std()}
    learned = learn_scale(scales[fit_on])
    if fit_on == predict_on:
        warn_of_other_range(scales[predict_on], learned, "Net")
    else:
        with pytest.warns(UserWarning, match=": scale them as in fit"):
            warn_of_other_range(scales[predict_on], learned, "Net")


def test_the_scale_of_parts_is_that_of_the_whole():
    rng = np.random.default_rng(0)
    rows = (rng.normal(size=(90, 6)) * 50).astype(np.float32)
    weights = rng.uniform(0, 3, 90)
    parts = [slice(0, 1), slice(1, 60), slice(60, 90)]
    together = scale_of(merged([summarise(rows[part], weights[part]) for part in parts]))
    assert together == pytest.approx(learn_scale(rows, weights), rel=1e-12)
    assert together.contrast == learn_scale(rows, weights).contrast
