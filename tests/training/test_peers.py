import torch
from torch import nn

from sklearn_lenet.nets import passes
from sklearn_lenet.training import WeightedCrossEntropy
from sklearn_lenet.training._peers import Alone


def test_alone_a_step_is_that_of_the_passes():
    torch.manual_seed(0)
    module, batch, codes = nn.Linear(3, 2), torch.randn(4, 3), torch.tensor([0, 1, 1, 0])
    fast = passes(module)
    _, loss = fast.learn(batch, (codes,), WeightedCrossEntropy())
    expected = module.weight.grad.clone()
    _, own_loss = Alone().learn(fast, batch, (codes,), WeightedCrossEntropy())
    Alone().average()
    assert torch.equal(module.weight.grad, expected)
    assert own_loss == loss


def test_alone_totals_are_the_values_and_weights_stay():
    module = nn.Linear(3, 2)
    before = module.weight.clone()
    Alone().align(module)
    assert torch.equal(module.weight, before)
    assert Alone().totals(1.5, 2.0) == (1.5, 2.0)
