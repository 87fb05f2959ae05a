"""The benchmark of scale: targets, parts in one file, the rows on disk, and the loop of reading."""

import os
import sys
import time

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("distributed", reason="needs the extra dask")

import _rows_on_disk
import _scale_parts
import _worker_memory
import scale
from _record import load
from _scale_parts import QUICK
from comparison import rows

from sklearn_lenet import read_files

RESULT = {
    "epoch": {
        "rounds": {
            "two workers": [6.0, 5.0, 9.0],
            "one process, threads: 1": [10.0, 12.0, 10.0],
            "one process, threads: 2": [5.0, 5.0, 5.0],
        }
    },
    "accuracy": {"accuracies": {"two workers": [0.99, 0.98], "one process": [0.99, 0.9805]}},
    "search": {"rounds": {"dask": [3.0], "joblib": [2.0]}},
    "reading": {"rounds": {"two workers": [1.0], "one worker": [2.5], "loop": [2.0]}},
    "memory": {"megabytes": [650.0, 701.0]},
    "predict": {"megabytes": [500.0, 400.0], "rows_a_second": 30_000.0},
}


@pytest.fixture
def results(tmp_path, monkeypatch):
    """A folder for results in place of the real one."""
    monkeypatch.setattr("_record.RESULTS", tmp_path)
    monkeypatch.setattr(scale, "RESULTS", tmp_path)
    return tmp_path


def test_each_target_is_compared_with_its_figure():
    cells = [target.cells(RESULT[target.part])[1:] for target in scale.TARGETS]
    assert cells == [
        ["0.60", "at most 0.60", "yes"],
        ["1.20", "at most 1.00", "**no**"],
        ["0.025 points", "at most 0.050 points", "yes"],
        ["1.50", "at most 1.15", "**no**"],
        ["0.50", "at most 0.55", "yes"],
        ["701 MB", "at most 700 MB", "**no**"],
        ["500 MB", "at most 700 MB", "yes"],
        ["30,000", "at least 30,000", "yes"],
    ]


def test_the_table_has_a_line_for_each_target_of_the_measured_parts():
    where = {"environment": {"cpu": "a CPU", "cores": 2, "versions": {"torch": "2"}}}
    told = {"megabytes_before": [300.0, 310.0], "seconds": 95.0, "epoch_seconds": 80.0}
    measured = {name: part | where for name, part in RESULT.items()}
    lines = scale.table(measured | {"memory": measured["memory"] | told})
    assert len(lines) == 2 + len(scale.TARGETS) + 2
    assert lines[2].endswith("| 0.60 | at most 0.60 | yes |")
    assert "had 310 MB; loading and the epoch took 95 s, the epoch 80 s." in lines[-1]
    assert len(scale.table({"search": measured["search"]})) == 2 + 1 + 2


def test_parts_are_kept_beside_those_of_earlier_runs(results, monkeypatch):
    monkeypatch.setattr(scale, "measured", lambda part, quick: {"of": part})
    monkeypatch.setattr(scale, "table", lambda result: [])
    for named in (["batch", "epoch"], ["epoch", "search"]):
        monkeypatch.setattr(sys, "argv", ["scale.py", *named])
        scale.main()
    kept = load("scale")
    assert list(kept) == ["epoch", "search", "batch"]
    assert [part["of"] for part in kept.values()] == ["epoch", "search", "batch"]
    assert all("cpu" in part["environment"] for part in kept.values())


def test_a_part_that_fails_loses_none_before_it(results, monkeypatch):
    monkeypatch.setattr(scale, "measured", lambda part, quick: {"x": 1 / (part != "search")})
    monkeypatch.setattr(sys, "argv", ["scale.py"])
    with pytest.raises(ZeroDivisionError):
        scale.main()
    assert [(name, part["x"]) for name, part in load("scale").items()] == [
        ("epoch", 1),
        ("accuracy", 1),
    ]


def test_a_quick_run_writes_nothing(results, monkeypatch):
    asked = []
    monkeypatch.setattr(scale, "measured", lambda part, quick: asked.append((part, quick)))
    monkeypatch.setattr(sys, "argv", ["scale.py", "--quick", "model", "batch"])
    scale.main()
    assert asked == [("model", True), ("batch", True)]
    assert not list(results.iterdir())


def test_rows_on_disk_are_distorted_digits_in_blocks(tmp_path):
    _rows_on_disk.write_rows(tmp_path, 2500, rows.bundled)
    X, y = _rows_on_disk.rows_of(tmp_path, 2500, 700)
    known = rows.bundled()
    assert X.chunks == ((700, 700, 700, 400), (784,))
    assert y.chunks == (X.chunks[0],)
    pixels, labels = X.compute(scheduler="sync"), y.compute(scheduler="sync")
    assert (tmp_path / _rows_on_disk.PIXELS).stat().st_size == 2500 * 784
    originals = np.arange(2500) % len(known.X)
    np.testing.assert_array_equal(labels, known.y[originals])
    assert not (pixels[:600] == pixels[600:1200]).all(axis=1).any()  # no copy is like another
    ink, before = pixels.mean(axis=1), known.X[originals].mean(axis=1)
    assert np.corrcoef(ink, before)[0, 1] > 0.5


def test_memory_is_seen_while_it_is_used():
    with _worker_memory.watched([os.getpid()]) as peaks:
        block = np.ones(40_000_000)  # 320 MB
        time.sleep(2 * _worker_memory.LOOK)
        del block
    assert peaks[os.getpid()] > 320e6
    assert _worker_memory.pid_and_peak()["peak"] > 320e6


def test_the_loop_writes_the_table_of_the_workers(tmp_path, monkeypatch):
    from distributed import Client

    _scale_parts.write_pictures(tmp_path, rows.bundled, 6)
    monkeypatch.setattr(_scale_parts, "timed", lambda work: work)
    of_loop = pd.read_parquet(_scale_parts.files_in_a_loop(str(tmp_path))())
    with Client(processes=False, dashboard_address="127.0.0.1:0") as client:
        read_files(tmp_path, out=tmp_path / "table", client=client)
    of_workers = pd.read_parquet(tmp_path / "table")
    assert len(of_workers) == 6
    assert of_loop.pop("error").isna().all()
    assert of_workers.pop("error").isna().all()
    pd.testing.assert_frame_equal(of_loop, of_workers, check_dtype=False)


def test_searches_of_both_backends_are_the_same():
    settings = {"data": QUICK.data, "n_rows": 100, "epochs": 1}
    search, X, y = _scale_parts.new_search(**settings)
    assert len(X) == len(y) == 100
    assert len(_scale_parts.GRID) == 3
    assert np.prod([len(values) for values in search.param_grid.values()]) == 8


def test_parts_were_measured_with_the_code_in_the_repository():
    kept = load("scale")
    assert list(kept) == list(scale.PARTS)
    assert not any(part["environment"]["uncommitted_changes"] for part in kept.values())


@pytest.mark.slow
@pytest.mark.parametrize("part", scale.PARTS)
def test_every_part_runs_with_little_data(part):
    assert scale.measured(part, quick=True)
