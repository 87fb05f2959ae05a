"""New weights are seeded and within Glorot's bound."""

import pytest
import torch

from sklearn_lenet.nets._activations import ACTIVATIONS
from sklearn_lenet.nets._initialisation import initialise, new_module
from sklearn_lenet.nets._lenet5 import LeNet5


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_initialise_is_seeded_and_bounded(activation):
    nets = [LeNet5(activation=activation) for _ in range(2)]
    for net in nets:
        initialise(net, torch.Generator().manual_seed(3))
    assert all(map(torch.equal, nets[0].parameters(), nets[1].parameters()))
    weight = nets[0].c1.weight.detach()
    bound = (6 / (25 + 6 * 25)) ** 0.5
    assert weight.abs().max() <= bound
    assert weight.std() == pytest.approx(bound / 3**0.5, rel=0.15)
    assert not nets[0].c1.bias.any()


def test_a_new_module_depends_on_its_seed_alone():
    before = torch.get_rng_state()
    first, again, other = (new_module(LeNet5, seed) for seed in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(first.c1.weight, again.c1.weight)
    assert not torch.equal(first.c1.weight, other.c1.weight)
    expected = LeNet5()
    initialise(expected, torch.Generator().manual_seed(0))
    assert all(map(torch.equal, first.parameters(), expected.parameters()))
