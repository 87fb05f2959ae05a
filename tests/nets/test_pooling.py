"""The pooling layers halve both sides."""

import pytest
import torch

from sklearn_lenet.nets._lenet5 import LeNet5


@pytest.mark.parametrize(("pooling", "expected"), [("max", 6.0), ("avg", 3.0)])
def test_a_window_becomes_one_value(pooling, expected):
    net = LeNet5(pooling=pooling)
    window = torch.tensor([[[[1.0, 2.0], [3.0, 6.0]]]])
    assert net.s2(window).tolist() == net.s4(window).tolist() == [[[[expected]]]]
