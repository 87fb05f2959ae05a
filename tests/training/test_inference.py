"""Logits of a net: batches, precision, and the standardised pixels."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from sklearn_lenet.nets import DenseNet, LeNet5, new_module
from sklearn_lenet.training._inference import (
    DOUBLE_PRECISION_ROWS,
    KEPT_ROWS,
    PREDICT_BATCH,
    Inference,
)
from sklearn_lenet.utils import PixelScale

pytestmark = pytest.mark.usefixtures("one_thread")

SCALE = PixelScale(mean=3.0, deviation=2.0, lowest=0.0, highest=9.0, contrast=1.0)
CPU = torch.device("cpu")


def net_and_rows(n):
    net = new_module(lambda: DenseNet(5, 3, hidden_layer_sizes=(4,)), seed=0)
    return net, np.random.default_rng(0).normal(size=(n, 5)).astype(np.float32)


def test_logits_are_those_of_the_module():
    net, rows = net_and_rows(2 * PREDICT_BATCH + 1)
    expected = net(torch.from_numpy((rows - 3.0) / 2.0)).detach()
    found = Inference().logits(net, rows, SCALE, CPU)
    assert found.dtype == torch.float32
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-5)


NETS = {
    "LeNet-5": lambda: LeNet5(),
    "tanh and avg": lambda: LeNet5(activation="tanh", pooling="avg"),
    "28x28": lambda: LeNet5(input_size=28),
    "scaled tanh": lambda: LeNet5(activation="scaled_tanh"),
    "dense": lambda: DenseNet(1024, 3, hidden_layer_sizes=(47, 20)),
    "dense, sigmoid": lambda: DenseNet(1024, 10, hidden_layer_sizes=(100,), activation="sigmoid"),
    "no hidden layer": lambda: DenseNet(1024, 2, hidden_layer_sizes=()),
}


@pytest.mark.parametrize("name", NETS)
def test_a_row_has_the_same_bits_whatever_the_other_rows_are(name):
    net = new_module(NETS[name], seed=0).eval()
    shape = (1, net.input_size, net.input_size) if isinstance(net, LeNet5) else (1024,)
    rows = np.random.default_rng(0).normal(3, 2, (200, *shape)).astype(np.float32)
    inference = Inference()
    together = inference.logits(net, rows, SCALE, CPU)
    for n in (1, 2, 3, 5, 8, 13, 31, 64, 65, 199):
        for start in (0, 1, 77, 200 - n):
            part = rows[start : start + n]
            found = inference.logits(net, part, SCALE, CPU)
            assert torch.equal(found, together[start : start + len(part)]), (n, start)


UNEVEN = {
    "torch's own passes": (lambda: LeNet5(input_size=30), (1, 30, 30)),
    "odd layers": (lambda: DenseNet(85, 3, hidden_layer_sizes=(47, 5)), (85,)),
}


@pytest.mark.parametrize("name", UNEVEN)
def test_few_rows_of_any_net_do_not_depend_on_each_other(name):
    make, shape = UNEVEN[name]
    net = new_module(make, seed=0).eval()
    rows = np.random.default_rng(0).normal(3, 2, (DOUBLE_PRECISION_ROWS, *shape))
    rows = rows.astype(np.float32)
    together = Inference().logits(net, rows, SCALE, CPU)
    alone = [Inference().logits(net, rows[k : k + 1], SCALE, CPU) for k in range(len(rows))]
    assert torch.equal(together, torch.cat(alone))


@pytest.mark.parametrize("change", ["in place", "data", "parameter", "state"])
def test_kept_passes_notice_changed_weights(change):
    net, rows = net_and_rows(4)
    inference = Inference()
    inference.logits(net, rows, SCALE, CPU)
    with torch.no_grad():
        if change == "in place":
            net.output.weight.mul_(2)
        elif change == "data":
            net.output.weight.data = net.output.weight.data * 2
        elif change == "parameter":
            net.output.weight = torch.nn.Parameter(net.output.weight * 2)
        else:
            net.load_state_dict({name: 2 * w for name, w in net.state_dict().items()})
    found = inference.logits(net, rows, SCALE, CPU)
    assert torch.equal(found, Inference().logits(net, rows, SCALE, CPU))


def test_another_module_has_other_passes():
    (one, rows), other = net_and_rows(4), new_module(lambda: DenseNet(5, 2), seed=1)
    inference = Inference()
    inference.logits(one, rows, SCALE, CPU)
    assert inference.logits(other, rows, SCALE, CPU).shape == (4, 2)


def test_threads_share_one_inference():
    net = new_module(LeNet5, seed=0).eval()
    rows = np.random.default_rng(0).normal(3, 2, (64, 1, 32, 32)).astype(np.float32)
    inference = Inference()
    together = inference.logits(net, rows, SCALE, CPU)

    def one(k):
        return torch.equal(inference.logits(net, rows[k : k + 1], SCALE, CPU)[0], together[k])

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(one, [k % 64 for k in range(500)]))


def test_memory_is_kept_for_few_rows_only():
    net = new_module(LeNet5, seed=0).eval()
    rows = np.zeros((KEPT_ROWS + 1, 1, 32, 32), dtype=np.float32)
    inference = Inference()
    for n in range(KEPT_ROWS, 0, -1):
        inference.logits(net, rows[:n], SCALE, CPU)
    (kept,) = inference._free
    assert sorted(kept.convolutions) == list(range(1, KEPT_ROWS + 1))
    inference.logits(net, rows, SCALE, CPU)
    assert kept.memory.n == 0
