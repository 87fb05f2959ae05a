"""The hand-written loops of the benchmarks compute what they claim to compute."""

import numpy as np
import pytest
import speed
import torch
from _rivals import DefaultSkorch, HandWritten, Tutorial, padded, seeded, standardised


@pytest.fixture(scope="module")
def batch():
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (32, 784), dtype=np.uint8), rng.integers(0, 10, 32)


def test_all_hand_written_loops_make_the_same_step(batch):
    """All contenders must compute the same: one step from the same weights."""
    nets = [HandWritten(*batch, net={}, batch_size=32, lr=0.01, how=how) for how in speed.LOOPS]
    for net in nets:
        net.epoch()
    for net in nets[1:]:
        for a, b in zip(nets[0].module.parameters(), net.module.parameters(), strict=True):
            torch.testing.assert_close(a, b, rtol=0, atol=1e-3)


def test_skorch_makes_the_same_step_as_the_loop(batch):
    loop = HandWritten(*batch, net={}, batch_size=32, lr=0.01)
    net = DefaultSkorch(*batch, net={}, batch_size=32, lr=0.01)
    loop.epoch()
    net.epoch()
    for a, b in zip(loop.module.parameters(), net.model.module_.parameters(), strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=1e-3)


def test_an_epoch_of_the_tutorial_changes_all_weights(batch):
    tutorial = Tutorial(*batch, net={})
    before = [weight.detach().clone() for weight in tutorial.module.parameters()]
    tutorial.epoch()
    for old, new in zip(before, tutorial.module.parameters(), strict=True):
        assert not torch.equal(old, new)


def test_pixels_are_standardised():
    assert standardised(torch.tensor([33, 255], dtype=torch.uint8)).tolist() == pytest.approx(
        [-0.0038, 2.8206], abs=1e-3
    )


def test_digits_lie_in_the_middle_of_the_padded_images():
    X = np.arange(784, dtype=np.uint16).astype(np.uint8).reshape(1, 784)
    images = padded(X)
    assert images.shape == (1, 1, 32, 32)
    np.testing.assert_array_equal(images[0, 0, 2:30, 2:30].numpy(), X.reshape(28, 28))
    images[0, 0, 2:30, 2:30] = 0
    assert images.max() == 0


def test_the_same_seed_gives_the_same_weights():
    one, same, other = seeded(0), seeded(0), seeded(1)
    assert torch.equal(one.c1.weight, same.c1.weight)
    assert not torch.equal(one.c1.weight, other.c1.weight)
