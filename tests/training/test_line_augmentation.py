"""Distortions of strips: their sizes, and that they stay strips of ink."""

import torch

from sklearn_lenet.training._line_augmentation import SHIFT, distorted_lines


def strips(n=300):
    batch = torch.zeros(n, 1, 32, 96)
    batch[:, :, 6:26, 40:44] = 0.7
    return batch


def test_values_stay_between_0_and_1_and_the_shape_stays():
    changed = distorted_lines(strips(), torch.Generator().manual_seed(0))
    assert changed.shape == (300, 1, 32, 96)
    assert changed.min() >= 0
    assert changed.max() <= 1


def test_text_is_larger_or_smaller_and_higher_or_lower():
    changed = distorted_lines(strips(), torch.Generator().manual_seed(0))[:, 0]
    inked = (changed > 0.3).any(dim=2)
    heights = inked.sum(dim=1)
    assert 15 <= heights.min() <= 18
    assert 23 <= heights.max() <= 27
    rows = torch.arange(32.0)
    middles = (inked * rows).sum(dim=1) / heights
    assert 1.5 < (middles - 15.5).abs().max() <= 1.3 * SHIFT + 1


def test_an_upright_stroke_is_slanted_to_both_sides():
    changed = distorted_lines(strips(), torch.Generator().manual_seed(0))[:, 0]
    columns = torch.arange(96.0)
    upper, lower = changed[:, 8:14], changed[:, 18:24]
    middles = [(part * columns).sum((1, 2)) / part.sum((1, 2)) for part in (upper, lower)]
    slants = (middles[0] - middles[1]) / 10
    assert slants.min() < -0.1
    assert slants.max() > 0.1
