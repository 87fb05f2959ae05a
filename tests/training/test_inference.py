"""Logits of a net: batches, precision, and the standardised pixels."""

import numpy as np
import torch

from sklearn_lenet.nets import DenseNet, new_module
from sklearn_lenet.training._inference import DOUBLE_PRECISION_ROWS, PREDICT_BATCH, logits
from sklearn_lenet.utils import PixelScale

SCALE = PixelScale(mean=3.0, deviation=2.0, lowest=0.0, highest=9.0, contrast=1.0)
CPU = torch.device("cpu")


def net_and_rows(n):
    net = new_module(lambda: DenseNet(5, 3, hidden_layer_sizes=(4,)), seed=0)
    return net, np.random.default_rng(0).normal(size=(n, 5)).astype(np.float32)


def test_logits_are_those_of_the_module():
    net, rows = net_and_rows(2 * PREDICT_BATCH + 1)
    expected = net(torch.from_numpy((rows - 3.0) / 2.0)).detach()
    found = logits(net, rows, SCALE, CPU)
    assert found.dtype == torch.float32
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-5)


def test_few_rows_do_not_depend_on_each_other():
    net, rows = net_and_rows(DOUBLE_PRECISION_ROWS)
    together = logits(net, rows, SCALE, CPU)
    alone = torch.cat([logits(net, rows[k : k + 1], SCALE, CPU) for k in range(len(rows))])
    assert torch.equal(together, alone)
