"""Cross-entropy by hand: weights, label smoothing, and the gradient."""

import numpy as np
import pytest
import torch

from sklearn_lenet.training._loss import WeightedCrossEntropy


def test_weighted_loss_by_hand():
    logits = torch.tensor([[0.0, 0.0], [0.0, np.log(3.0)]])
    codes, weights = torch.tensor([0, 1]), torch.tensor([0.5, 1.5])
    # -log(1/2) with weight 1, -log(3/4) with weight 3: relative to their mean
    expected = (np.log(2) + 3 * np.log(4 / 3)) / 4
    assert WeightedCrossEntropy()(logits, [codes, weights]).item() == pytest.approx(expected)
    unweighted = (np.log(2) + np.log(4 / 3)) / 2
    assert WeightedCrossEntropy()(logits, [codes]).item() == pytest.approx(unweighted)


def test_smoothing_spreads_a_share_of_the_label():
    logits = torch.tensor([[0.0, np.log(3.0)]])
    # 0.9 of the label and half of 0.1 on class 1, half of 0.1 on class 0.
    expected = -(0.95 * np.log(3 / 4) + 0.05 * np.log(1 / 4))
    loss = WeightedCrossEntropy(0.1)
    assert loss(logits, [torch.tensor([1])]).item() == pytest.approx(expected)
    weights = torch.tensor([1.0])
    assert loss(logits, [torch.tensor([1]), weights]).item() == pytest.approx(expected)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("weighted", [False, True])
def test_the_gradient_is_that_of_torch(smoothing, weighted):
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(6, 4, generator=generator, dtype=torch.float64, requires_grad=True)
    targets = [torch.tensor([0, 1, 2, 3, 0, 1])]
    if weighted:
        targets.append(torch.rand(6, generator=generator, dtype=torch.float64))
    criterion = WeightedCrossEntropy(smoothing)
    expected = criterion(logits, targets)
    (gradient,) = torch.autograd.grad(expected, logits)
    loss, ours = criterion.with_gradient(logits.detach(), targets)
    torch.testing.assert_close(loss, expected.detach())
    torch.testing.assert_close(ours, gradient)
