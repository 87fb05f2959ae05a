"""What the model of scale is fitted to and checked with is measured as it says."""

import time

import _scale_checks
import numpy as np
import pytest
import torch

pytest.importorskip("distributed", reason="needs the extra dask")

from comparison import rows

from sklearn_lenet.distributed import _group_peers
from sklearn_lenet.distributed._group_peers import GroupPeers
from sklearn_lenet.distributed._row_file import RowFile


def test_only_gradients_are_late(monkeypatch):
    monkeypatch.setattr(_group_peers, "GroupSum", _group_peers.GroupSum)  # restored afterwards
    monkeypatch.setattr(_group_peers, "memory_sum", _group_peers.memory_sum)
    _scale_checks.delay_sums(0.1)
    peers = GroupPeers(None, "", 0, 1, device=torch.device("cpu"), stop=None)
    start = time.perf_counter()
    peers.totals(1.0, 2.0)
    middle = time.perf_counter()
    peers._sum(torch.zeros(_scale_checks.GRADIENTS + 1))
    assert middle - start < 0.05
    assert 0.1 <= time.perf_counter() - middle < 0.3


def test_a_late_sum_is_on_its_way_during_other_work(monkeypatch):
    monkeypatch.setattr(_group_peers, "GroupSum", _group_peers.GroupSum)
    monkeypatch.setattr(_group_peers, "memory_sum", _group_peers.memory_sum)
    _scale_checks.delay_sums(0.1)
    total = _group_peers.GroupSum(_group_peers.ALONE, 0, torch.zeros(_scale_checks.GRADIENTS))
    total.begin()
    time.sleep(0.15)
    start = time.perf_counter()
    total.end()
    assert time.perf_counter() - start < 0.05


def test_a_share_of_a_step_is_shorter_than_the_step(monkeypatch):
    files = []
    monkeypatch.setattr(_scale_checks, "RowFile", lambda at: files.append(RowFile(at)) or files[-1])
    seconds = {n: _scale_checks.share_seconds(rows.bundled, 3, 128, n)() for n in (1, 200)}
    (all_rows, making_all), (few_rows, making_few) = seconds[1], seconds[200]
    assert 0 < few_rows < all_rows  # it has about 7 rows, and takes one of each batch
    assert 0 < making_few < making_all < all_rows
    for file in files:
        file.close()


def test_processes_sum_over_loopback(monkeypatch):
    monkeypatch.setattr(_scale_checks, "PROCESSES", [2])
    monkeypatch.setattr(_scale_checks, "CONNECTIONS", 1)
    found = _scale_checks.reductions(repeats=20)
    assert list(found) == ["2"]
    assert len(found["2"]) == 6
    assert all(0 < seconds < 1 for seconds in found["2"].values())


def test_a_slow_connection_does_not_count(monkeypatch):
    seconds = iter([1e-4, 4e-3, 2e-4, 1e-4, 2e-4])
    monkeypatch.setattr(_scale_checks, "PROCESSES", [2])
    monkeypatch.setattr(_scale_checks, "_connected_reductions", lambda *_: {"pair": next(seconds)})
    assert _scale_checks.reductions(repeats=20) == {"2": {"pair": 2e-4}}


def test_every_check_has_a_network_that_the_model_knows():
    for n, batch, net in _scale_checks.CHECKS:
        assert n in (1, 2, 4)
        assert batch in (128, 256, 512)
        assert net is None or net in _scale_checks.NETS
    np.testing.assert_array_equal([batch % 128 for batch, _ in _scale_checks.STEPS], 0)
