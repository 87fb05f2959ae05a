"""Dropout: in training only, from its own generator."""

import pytest
import torch

from sklearn_lenet.nets._dropout import Dropout


def test_dropout_drops_in_training_only_and_from_its_own_generator():
    layer, ones = Dropout(0.25), torch.ones(10_000)
    before = torch.get_rng_state()
    layer.generator = torch.Generator().manual_seed(0)
    dropped = layer(ones)
    assert torch.equal(torch.get_rng_state(), before)
    assert dropped.unique().tolist() == [0.0, pytest.approx(4 / 3)]
    assert (dropped == 0).float().mean() == pytest.approx(0.25, abs=0.02)
    assert layer.eval()(ones) is ones
