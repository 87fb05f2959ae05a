"""Augmentation: seeded, of the right size, in training only."""

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from helpers import BOTH, quick
from numpy.testing import assert_array_equal

from sklearn_lenet import DenseDigitClassifier
from sklearn_lenet.training._augmentation import (
    AUGMENTATIONS,
    ROTATION,
    Augment,
    affine,
    displacement_for,
    elastic,
    shift,
)
from sklearn_lenet.training._batches import Rows


def still(*shape):
    """Draw nothing but zeros: no change."""
    return torch.zeros(shape)


def utmost(*shape):
    return torch.ones(shape)


@pytest.fixture
def bars():
    images = torch.zeros(4, 1, 28, 28)
    images[:, :, 10:18, 12:14] = 1
    return images


@pytest.mark.parametrize("change", AUGMENTATIONS.values())
def test_drawing_nothing_changes_nothing(bars, change):
    torch.testing.assert_close(change(bars, still), bars, rtol=0, atol=1e-5)


def test_the_largest_shift_is_two_pixels_of_28(bars):
    expected = bars.roll((-2, -2), (2, 3))
    torch.testing.assert_close(shift(bars, utmost), expected, rtol=0, atol=1e-5)


def test_affine_turns_by_the_angle_it_draws():
    rows = torch.zeros(1, 1, 29, 29)
    rows[..., 14, 4:25] = 1  # a level bar through the centre
    only_angle = torch.tensor([[1.0], [0.0], [0.0], [0.0], [0.0], [0.0]])
    turned = affine(rows, lambda *_: only_angle)[0, 0]
    y, x = np.nonzero(turned.numpy() > 0.4)
    slope = np.polyfit(x, y, 1)[0]
    assert abs(np.arctan(slope)) == pytest.approx(ROTATION, abs=0.02)


def test_elastic_moves_neighbours_together(bars):
    generator = torch.Generator().manual_seed(0)

    def draw(*shape):
        numbers = torch.empty(shape).uniform_(-1, 1, generator=generator)
        return numbers if shape[0] == 8 else numbers * 0  # the pulls, two for each of four

    moved = elastic(bars, draw)
    assert not torch.allclose(moved, bars, atol=0.2)
    assert moved.sum((1, 2, 3)).sub(16).abs().max() < 8  # a bar still, not torn into specks
    assert not torch.allclose(moved[0], moved[1])


def test_every_image_is_changed_in_its_own_way_and_by_the_seed(bars):
    for name in AUGMENTATIONS:
        first, again, other = (
            Augment(name, (28, 28), torch.Generator().manual_seed(seed))(bars) for seed in (0, 0, 1)
        )
        assert torch.equal(first, again)
        assert not torch.equal(first, other)
        assert not torch.equal(first[0], first[1])
        assert first.shape == bars.shape
        assert first.min() >= -1e-5


def test_rows_that_do_not_fill_their_square_keep_their_length():
    rows = torch.rand(3, 7, generator=torch.Generator().manual_seed(0))
    changed = Augment("shift", (3, 3), torch.Generator().manual_seed(0))(rows)
    assert changed.shape == (3, 7)


@BOTH
@pytest.mark.parametrize("how", [*AUGMENTATIONS, torch.flip])
def test_training_sees_changed_images_and_prediction_plain_ones(images, Classifier, how):
    X, y = images
    change = how if isinstance(how, str) else lambda batch: batch.flip(3)
    first = quick(Classifier, augment=change).fit(X, y)
    again = quick(Classifier, augment=change).fit(X, y)
    plain = quick(Classifier).fit(X, y)
    assert_array_equal(first.predict_proba(X), again.predict_proba(X))
    assert_array_equal(first.predict_proba(X), first.predict_proba(X))
    assert not np.allclose(first.decision_function(X), plain.decision_function(X), atol=0.1)


def test_a_function_gets_images_and_a_seeded_global_state(images):
    seen = []

    def noisy(batch):
        seen.append(batch.shape)
        return batch + torch.randn(batch.shape)

    X, y = images
    state = torch.get_rng_state()
    models = [quick(DenseDigitClassifier, augment=noisy).fit(X, y) for _ in range(2)]
    assert set(seen) == {(60, 1, 28, 28)}
    assert torch.equal(torch.get_rng_state(), state)
    assert_array_equal(models[0].predict_proba(X), models[1].predict_proba(X))


@pytest.mark.parametrize(
    ("result", "returned"),
    [(lambda x: x[:1], r"shape \(1, 1, 28, 28\)"), (lambda x: None, "NoneType")],
)
def test_a_function_that_returns_another_shape_is_refused(images, result, returned):
    model = quick(DenseDigitClassifier, augment=result)
    with pytest.raises(ValueError, match=rf"returned {returned}: .* given, \(60, 1, 28, 28\)"):
        model.fit(*images)
    assert not hasattr(model, "net_")


def test_without_augmentation_batches_are_unchanged(images, monkeypatch):
    taken = []
    take = Rows.take
    monkeypatch.setattr(Rows, "take", lambda rows, index: taken.append(rows) or take(rows, index))
    X, y = images
    X = X.reshape(len(X), -1)[:, 350:399]  # 7x7 pixels: too small for the calibration to distort
    quick().fit(X, y)
    quick(augment="auto").fit(X, y)
    assert taken
    assert {rows.augment for rows in taken} == {None}


def test_many_rows_are_distorted_less():
    sizes = [displacement_for(n) for n in (1, 1000, 7746, 60_000, 10**7)]
    assert sizes == pytest.approx([0.05, 0.05, 0.0425, 0.035, 0.035], abs=1e-6)


def test_auto_is_elastic_for_images_of_8x8_and_more(digits):
    X, y = digits[0][:40], digits[1][:40]
    auto, elastic, none = (
        quick(augment=augment).fit(X, y).decision_function(X)
        for augment in ("auto", "elastic", None)
    )
    assert_array_equal(auto, elastic)
    assert not np.array_equal(auto, none)
    small = quick(augment="auto").fit(X[:, :49], y).decision_function(X[:, :49])
    assert_array_equal(small, quick().fit(X[:, :49], y).decision_function(X[:, :49]))


def test_fits_in_threads_leave_the_global_state_alone(digits):
    X, y = digits[0][:60], digits[1][:60]

    def flip(images):
        time.sleep(0.001)
        return images.flip(3) if torch.rand(()) < 0.5 else images

    def fit(seed):
        return quick(augment=flip, max_epochs=5, random_state=seed).fit(X, y).predict_proba(X)

    alone = [fit(seed) for seed in range(4)]
    torch.manual_seed(7)
    before = torch.get_rng_state()
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(fit, range(4)))
    assert torch.equal(torch.get_rng_state(), before)
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


@pytest.mark.parametrize("n_rows", [20, 300])
def test_a_module_may_augment(digits, n_rows):
    kinds = set()

    class Blur(torch.nn.Conv2d):
        def forward(self, images):
            kinds.add(images.dtype)
            return super().forward(images)

    blur = Blur(1, 1, 3, padding=1)
    model = quick(augment=blur).fit(digits[0][:n_rows], digits[1][:n_rows])
    assert kinds == {torch.float32}
    assert np.isfinite(model.predict_proba(digits[0])).all()
    assert blur.weight.grad is None
