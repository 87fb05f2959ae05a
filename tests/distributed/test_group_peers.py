"""Two threads are the two workers of a group."""

import copy
import socket
import threading

import numpy as np
import pytest
import torch
from joined_workers import in_workers
from torch import nn

from sklearn_lenet.distributed import _group_peers
from sklearn_lenet.distributed._group_peers import GroupPeers, LostPeerError, meet
from sklearn_lenet.nets import BatchShare, DenseNet, passes
from sklearn_lenet.training import WeightedCrossEntropy

CPU = torch.device("cpu")


def both(task):
    """Return what a task returns or raises in each of two joined workers."""

    def run(rank, store):
        peers = GroupPeers(store, "127.0.0.1", rank, 2, device=CPU, stop=threading.Event())
        try:
            return task(peers)
        finally:
            peers.leave()

    return in_workers(2, run)


def made(seed):
    torch.manual_seed(seed)
    return DenseNet(4, 3, hidden_layer_sizes=(5,), activation="tanh", dropout=0.0).train()


NETS = [made(seed) for seed in (0, 1)]


def net(seed=0):
    return copy.deepcopy(NETS[seed])


BATCH = torch.randn(8, 4, generator=torch.Generator().manual_seed(1))
CODES = torch.arange(8) % 3


@pytest.fixture(params=["in shared memory", "sent"])
def way(request, monkeypatch):
    """The way of the gradients between the workers."""
    if request.param == "sent":
        monkeypatch.setattr(_group_peers, "memory_sum", lambda *_: None)


@pytest.mark.usefixtures("way")
def test_the_gradients_are_those_of_the_whole_batch():
    def task(peers):
        places = torch.arange(6) if peers.rank == 0 else torch.tensor([6, 7])
        peers.begin_batch(BatchShare(8, places), len(places))
        module = net()
        fast = passes(module)
        _, loss = peers.learn(fast, BATCH[places], (CODES[places],), WeightedCrossEntropy(0.1))
        peers.average()
        return float(loss) * len(places), [p.grad.clone() for p in module.parameters()]

    module = net()
    loss = WeightedCrossEntropy(0.1)(module(BATCH), (CODES,))
    loss.backward()
    (first_loss, first), (second_loss, second) = both(task)
    assert first_loss + second_loss == pytest.approx(8 * loss.item())
    for one, other, parameter in zip(first, second, module.parameters(), strict=True):
        torch.testing.assert_close(one, parameter.grad)
        assert torch.equal(one, other)


@pytest.mark.usefixtures("way")
def test_frozen_parameters_have_no_gradient():
    def task(peers):
        peers.begin_batch(BatchShare(8, torch.arange(4) + 4 * peers.rank), 4)
        module = net()
        module.hidden1.weight.requires_grad = False
        part = slice(4 * peers.rank, 4 * peers.rank + 4)
        fast = passes(module)
        peers.learn(fast, BATCH[part], (CODES[part],), WeightedCrossEntropy())
        peers.average()
        return module.hidden1.weight.grad, module.output.weight.grad

    (frozen, learned), _ = both(task)
    assert frozen is None
    assert learned.abs().sum() > 0


def test_totals_are_sums_over_the_workers():
    assert both(lambda peers: peers.totals(1.0, 10.0 * peers.rank)) == ((2.0, 10.0), (2.0, 10.0))


def test_rows_are_exchanged():
    kind = np.dtype([("pixels", "u1", (2,)), ("code", "i8")])

    def task(peers):
        if peers.rank == 0:
            rows = np.array([([1, 2], 3), ([4, 5], 6)], dtype=kind)
            return peers.exchanged(rows, np.array([0, 2]), np.array([0, 0]))
        return peers.exchanged(np.empty(0, dtype=kind), np.array([0, 0]), np.array([2, 0]))

    first, second = both(task)
    assert len(first) == 0
    assert second["pixels"].tolist() == [[1, 2], [4, 5]]
    assert second["code"].tolist() == [3, 6]


def test_align_gives_all_the_weights_of_the_first():
    def task(peers):
        module = net(seed=peers.rank)
        peers.align(module)
        return nn.utils.parameters_to_vector(module.parameters()).detach()

    first, second = both(task)
    assert torch.equal(first, second)
    assert torch.equal(first, nn.utils.parameters_to_vector(net().parameters()).detach())


@pytest.mark.usefixtures("way")
def test_all_stop_in_the_same_step_if_one_asks_for_it():
    def task(peers):
        if peers.rank == 1:
            peers.stop.set()
        peers.begin_batch(BatchShare(2, torch.tensor([peers.rank])), 1)
        fast = passes(net())
        peers.learn(fast, BATCH[:1], (CODES[:1],), WeightedCrossEntropy())
        peers.average()

    assert [type(result) for result in both(task)] == [KeyboardInterrupt, KeyboardInterrupt]


@pytest.mark.usefixtures("way")
def test_a_peer_that_ends_in_a_step_is_an_error():
    def task(peers):
        peers.begin_batch(BatchShare(2, torch.tensor([peers.rank])), 1)
        fast = passes(net())
        for _ in range(2 - peers.rank):
            peers.learn(fast, BATCH[:1], (CODES[:1],), WeightedCrossEntropy())
            peers.average()

    error, nothing = both(task)
    assert isinstance(error, LostPeerError)
    assert nothing is None


def test_a_peer_that_has_ended_is_an_error():
    def task(peers):
        if peers.rank == 1:
            peers.leave()
            return None
        return peers.align(net())

    error, _ = both(task)
    assert isinstance(error, LostPeerError)
    assert str(error) == (
        "another worker of the fit has ended, or did not answer for "
        f"{_group_peers.TIMEOUT.seconds} seconds: see the log of the workers."
    )


def test_who_waits_for_the_others_can_be_stopped():
    class Store:
        def add(self, key, n):
            return 1  # of two

    stop = threading.Event()
    stop.set()
    with pytest.raises(KeyboardInterrupt):
        meet(Store(), "here", 2, stop)


def test_the_store_takes_a_free_port():
    from torch.distributed import TCPStore

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        store = TCPStore("127.0.0.1", 0, 1, True, wait_for_workers=False)
        assert store.port not in (0, taken.getsockname()[1])


def test_a_peer_that_was_stopped_first_stops_the_others():
    def task(peers):
        if peers.rank == 1:
            peers.leave()
            return None
        peers.stop.set()
        return peers.align(net())

    error, _ = both(task)
    assert isinstance(error, KeyboardInterrupt)
