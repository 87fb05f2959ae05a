"""Blocks on a cluster: the model is sent once, tasks are bounded, deadly pictures are found."""

import io
import os
import signal
from collections import Counter

import numpy as np
import pytest
from helpers import exactly
from PIL import Image
from worker_models import Diary, KilledByDashes, KillsWhenLoaded

from sklearn_lenet.distributed import _picture_blocks
from sklearn_lenet.distributed._block_reader import BlockReader, schema_of
from sklearn_lenet.distributed._picture_blocks import Block, _check_number, tables_of_blocks

Future = pytest.importorskip("distributed", reason="needs the extra dask").Future
pandas = pytest.importorskip("pandas", reason="needs the extra dask")


@pytest.fixture
def one_death(client, cluster, monkeypatch):
    """Let a block fail after one death, to save time; then Dask blames all blocks of the worker."""
    monkeypatch.setattr(cluster.scheduler, "allowed_failures", 0)
    yield
    client.wait_for_workers(2, timeout=90)  # the next test wants both


def reader_of(model):
    return BlockReader(model, None, False, 0.0, False, schema_of(model, reads_lines=False), ".")


def stroke(path, *, wide=False):
    page = np.full((80, 80), 255, np.uint8)
    page[38:42, 15:65] = 0
    Image.fromarray(page if wide else page.T).save(path)
    return str(path)


def blocks_of(files, size):
    starts = range(0, len(files), size)
    return [Block(k, files[start : start + size]) for k, start in enumerate(starts)]


def tables(client, model, blocks):
    """Return the tables of all blocks, by number."""
    return {
        block.number: table for block, table in tables_of_blocks(client, reader_of(model), blocks)
    }


def labels(table):
    return pandas.read_parquet(io.BytesIO(table))["label"].tolist()


def test_each_worker_gets_the_model_once(client, tmp_path):
    diary = tmp_path / "diary"
    files = [stroke(tmp_path / "one.png")] * 30
    found = tables(client, Diary(diary, 0.05), blocks_of(files, 2))
    assert sorted(found) == list(range(15))
    assert all(labels(table) == ["1", "1"] for table in found.values())
    notes = Counter(diary.read_text().splitlines())
    processes = {note.split()[1] for note in notes}
    assert len(processes) == 2
    assert {notes[f"unpickled {process}"] for process in processes} == {1}
    assert sum(notes[f"read {process}"] for process in processes) == 30


def test_blocks_are_asked_for_as_others_are_finished(client, tmp_path, monkeypatch):
    monkeypatch.setattr(_picture_blocks, "AHEAD", 5)  # of 4 threads the double is more
    asked = []

    def endless():
        for block in blocks_of([stroke(tmp_path / "one.png")] * 100, 1):
            asked.append(block.number)
            yield block

    read = tables_of_blocks(client, reader_of(Diary(tmp_path / "diary")), endless())
    for n in range(20):
        next(read)
        assert len(asked) == 8 + n
    read.close()
    assert len(asked) == 27


def test_the_blocks_of_a_worker_that_dies_are_read_by_another(client, tmp_path):
    diary = tmp_path / "diary"
    blocks = blocks_of([stroke(tmp_path / "one.png")] * 20, 1)
    read = tables_of_blocks(client, reader_of(Diary(diary, 0.05)), blocks)
    first, _ = next(read)
    process = int(diary.read_text().split()[-1])
    os.kill(process, signal.SIGKILL)
    numbers = [first.number, *(block.number for block, _ in read)]
    assert sorted(numbers) == list(range(20))
    client.wait_for_workers(2, timeout=90)  # the next test wants both


def test_a_cluster_that_is_lost_is_an_error(client, tmp_path):
    blocks = blocks_of([stroke(tmp_path / "one.png")] * 20, 1)
    read = tables_of_blocks(client, reader_of(Diary(tmp_path / "diary", 0.05)), blocks)
    next(read)
    client.cancel([Future(key, client) for key in client.futures])
    message = (
        "The cluster has dropped the tasks that read, perhaps because its scheduler ended: repeat "
        "the call to go on."
    )
    with pytest.raises(ConnectionError, match=exactly(message)):
        list(read)


def test_a_deadly_picture_is_an_error_and_the_others_are_read(
    client, cluster, tmp_path, monkeypatch
):
    # One death is enough, to save time: then Dask blames all blocks that a worker had.
    monkeypatch.setattr(cluster.scheduler, "allowed_failures", 0)
    files = [stroke(tmp_path / f"{k}.png", wide=k == 4) for k in range(12)]
    found = tables(client, KilledByDashes(), blocks_of(files, 3))
    assert sorted(found) == list(range(4))
    rows = pandas.concat([pandas.read_parquet(io.BytesIO(found[k])) for k in range(4)])
    assert rows["file"].tolist() == files
    assert rows["label"].isna().tolist() == [k == 4 for k in range(12)]
    assert rows["error"].dropna().tolist() == [
        f"{files[4]}: the processes that read it ended each time, and said nothing."
    ]


def test_many_deadly_pictures_are_an_error_that_names_them():
    files = [f"{k}.png" for k in range(21)]
    _check_number("pictures", files[:20], OSError())
    message = (
        "21 pictures ended the processes that read them: look at the logs of the workers, and at "
        f"these files: {', '.join(files)}."
    )
    with pytest.raises(ChildProcessError, match=exactly(message)):
        _check_number("pictures", files, OSError())


def test_a_model_that_kills_is_an_error(client, one_death, tmp_path):
    file = stroke(tmp_path / "one.png")
    with pytest.raises(
        ChildProcessError, match=r"^The processes that load the model end: give each"
    ):
        tables(client, KillsWhenLoaded(), [Block(0, [file])])
