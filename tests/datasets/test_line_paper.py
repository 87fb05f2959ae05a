"""Paper: brightness, patterns, grain, and the same sheet for the same seed."""

import numpy as np
import pytest

from sklearn_lenet.datasets._line_paper import PATTERNS, clouds, grain, paper

SHAPE = 50, 170


def rng(seed=0):
    return np.random.default_rng(seed)


def test_papers_have_any_brightness_and_stay_positive():
    means = [paper(*SHAPE, rng(seed)) for seed in range(60)]
    assert all(sheet.shape == SHAPE and sheet.dtype == np.float32 for sheet in means)
    middles = [float(np.median(sheet)) for sheet in means]
    assert min(middles) < 0.45
    assert max(middles) > 0.85


def test_the_same_seed_gives_the_same_paper():
    np.testing.assert_array_equal(paper(*SHAPE, rng(3)), paper(*SHAPE, rng(3)))


@pytest.mark.parametrize("pattern", dict.fromkeys(PATTERNS), ids=lambda pattern: pattern.__name__)
def test_a_pattern_has_light_and_dark_places_between_0_and_1(pattern):
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]].astype(np.float32)
    for seed in range(5):
        values = pattern(y, x, rng(seed))
        assert values.shape == SHAPE
        assert values.min() >= 0
        assert values.max() <= 1
        assert values.std() > 0.05


def test_clouds_change_slowly_and_grain_fast():
    cloud, noise = clouds(*SHAPE, 20, rng()), grain(*SHAPE, rng(1))
    assert 0 <= cloud.min() < cloud.max() <= 1
    assert np.abs(np.diff(cloud, axis=1)).mean() < 0.1 * cloud.std()
    assert np.abs(np.diff(noise, axis=1)).mean() > 0.2 * noise.std()


@pytest.mark.parametrize("shape", [(1, 1), (2, 300), (300, 2)])
def test_a_paper_of_any_size(shape):
    for seed in range(20):
        assert np.isfinite(paper(*shape, rng(seed))).all()
