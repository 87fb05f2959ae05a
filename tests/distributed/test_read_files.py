"""read_files: the answers of the plain command as one table, from processes and from a cluster."""

import csv
import io
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from helpers import clean_lines, exactly
from PIL import Image
from worker_models import Diary

from sklearn_lenet import DigitStringReader, LeNet5Classifier, cli, read_files
from sklearn_lenet.distributed import _read_files
from sklearn_lenet.distributed._answers_folder import NOTE, part_of

pandas = pytest.importorskip("pandas", reason="needs the extra dask")
pytest.importorskip("distributed", reason="needs the extra dask")


@pytest.fixture(scope="module")
def folder(tmp_path_factory, digits):
    """Nine pictures of two digits each, the fourth of which is blank and the seventh is none."""
    folder = tmp_path_factory.mktemp("scans")
    X, _ = digits
    for k in range(9):
        page = np.full((100, 200), 255, np.uint8)
        if k != 3:
            for place in range(2):
                digit = 255 - np.kron(X[2 * k + place].reshape(8, 8) * 15, np.ones((9, 9)))
                page[14:86, 20 + 90 * place : 92 + 90 * place] = digit
        Image.fromarray(page).save(folder / f"{k}.png")
    (folder / "6.png").write_text("no picture")
    return folder


def as_cells(table):
    """Return a table as the texts of a CSV file with six decimals."""
    cells = table.copy()
    for name in cells.columns[cells.dtypes.astype(str).str.startswith("float")]:
        cells[name] = cells[name].map("{:.6f}".format)
    return cells.astype(object).where(table.notna(), "").astype(str).to_numpy().tolist()


@pytest.mark.parametrize("split", [False, True])
def test_the_table_is_the_csv_of_the_plain_command(client, folder, tmp_path, capsys, split):
    summary = read_files(folder, out=tmp_path / "t", split=split, client=client, block_size=2)
    assert summary[:2] == (9, 2)
    assert summary.seconds > 0
    table = pandas.read_parquet(tmp_path / "t")
    assert cli.main(["predict", "--csv", *["--split"] * split, str(folder)]) == 1
    head, *rows = csv.reader(io.StringIO(capsys.readouterr().out))
    assert table.columns.tolist() == head
    assert as_cells(table) == rows
    assert len(rows) == (16 if split else 9)


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # Dask uses it
def test_dask_reads_the_table_in_the_same_order(client, folder, tmp_path):
    dask_frame = pytest.importorskip("dask.dataframe")
    read_files(folder, out=tmp_path / "t", client=client, block_size=1)
    frame = dask_frame.read_parquet(tmp_path / "t")
    expected = pandas.read_parquet(tmp_path / "t")
    assert frame.npartitions > 1
    assert frame.dtypes.equals(expected.dtypes)
    parts = [frame.get_partition(k)["file"].compute(scheduler="sync") for k in range(9)]
    assert [name for part in parts for name in part] == expected["file"].tolist()
    assert expected["file"].tolist() == [str(folder / f"{k}.png") for k in range(9)]


def test_processes_of_this_machine_read_if_there_is_no_client(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    monkeypatch.chdir(folder.parent)
    before = dict(os.environ)
    diary = tmp_path / "diary"
    relative = Path(folder.name)
    assert read_files(relative, Diary(diary), out=tmp_path / "t", n_workers=1)[:2] == (9, 2)
    assert dict(os.environ) == before
    notes = diary.read_text().splitlines()
    assert sorted(note.split()[0] for note in notes) == ["read"] * 7 + ["unpickled"]
    assert {note.split()[1] for note in notes}.isdisjoint({str(os.getpid())})
    table = pandas.read_parquet(tmp_path / "t")
    assert table["file"].tolist() == [str(relative / f"{k}.png") for k in range(9)]


def test_the_latest_client_reads(client, folder, tmp_path, monkeypatch):
    monkeypatch.setattr(_read_files, "local_processes", lambda *_: pytest.fail("not wanted"))
    assert read_files(folder / "0.png", out=tmp_path / "t")[:2] == (1, 0)


def test_a_second_call_reads_what_is_missing(client, folder, tmp_path):
    out, diary = tmp_path / "t", tmp_path / "diary"
    settings = {"model": Diary(diary), "out": out, "client": client, "block_size": 2}
    first = read_files(folder, **settings)
    expected = pandas.read_parquet(out)
    part_of(out, 2).unlink()
    diary.write_text("")
    second = read_files(folder, **settings)
    assert first[:2] == second[:2] == (9, 2)
    assert diary.read_text().count("read") == 2
    pandas.testing.assert_frame_equal(pandas.read_parquet(out), expected)
    diary.write_text("")
    assert read_files(folder, **settings)[:2] == (9, 2)
    assert diary.read_text() == ""


def test_lines_are_rows(client, tmp_path):
    pictures, texts = clean_lines(40, seed=0)
    reader = DigitStringReader(alphabet="01", max_epochs=1, random_state=0).fit(pictures, texts)
    for k in range(5):
        Image.fromarray(pictures[k]).save(tmp_path / f"{k}.png")
    files = [tmp_path / f"{k}.png" for k in range(5)]
    summary = read_files([*files, "no.png"], reader, out=tmp_path / "t", client=client)
    assert summary[:2] == (6, 1)
    table = pandas.read_parquet(tmp_path / "t")
    assert table.columns.tolist() == ["file", "text", "confidence", "error"]
    expected = reader.read(files)
    assert table["text"].tolist()[:5] == [reading.text for reading in expected]
    found = table["confidence"].tolist()[:5]
    assert found == pytest.approx([reading.confidence for reading in expected], rel=1e-5)
    assert table["error"].iloc[5] == f"{Path.cwd() / 'no.png'} does not exist."


READER = DigitStringReader()


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"paths": []}, ValueError, "paths is empty: name at least one picture or folder."),
        (
            {"client": "a client", "n_workers": 2},
            ValueError,
            "n_workers=2 and a client were given: pass one of them.",
        ),
        (
            {"min_confidence": 2},
            ValueError,
            "min_confidence=2 is not a probability: use 0 to 1.",
        ),
        (
            {"model": LeNet5Classifier()},
            ValueError,
            "model=LeNet5Classifier has no classes_: pass a fitted classifier.",
        ),
        (
            {"model": READER},
            ValueError,
            "DigitStringReader is not fitted yet: call fit first.",
        ),
        (
            {"model": READER, "split": True},
            ValueError,
            "split=True is for classifiers, and model is a DigitStringReader: it reads whole lines "
            "and has its own min_confidence.",
        ),
        (
            {"model": READER, "min_confidence": 0.5},
            ValueError,
            "min_confidence=0.5 is for classifiers, and model is a DigitStringReader: it reads "
            "whole lines and has its own min_confidence.",
        ),
        (
            {"model": "digits"},
            TypeError,
            "model=str has no predict_proba: pass a fitted classifier with probabilities, or a "
            "Pipeline that ends in one.",
        ),
        (
            {"reader": READER},
            ValueError,
            "reader=DigitStringReader is given: it must be a DigitStringReader, and needs "
            "split=True.",
        ),
        (
            {"reader": READER, "split": True},
            ValueError,
            "DigitStringReader is not fitted yet: call fit first.",
        ),
        (
            {"block_size": 0},
            ValueError,
            "The 'block_size' parameter of read_files must be an int in the range [1, inf) or None."
            " Got 0 instead.",
        ),
    ],
)
def test_what_cannot_be_asked_is_told_before_anything_is_written(
    folder, tmp_path, settings, error, message
):
    with pytest.raises(error, match=exactly(message)):
        read_files(**{"paths": folder, "out": tmp_path / "t"} | settings)
    assert not (tmp_path / "t").exists()


def test_a_folder_without_pictures_is_an_error(tmp_path):
    with pytest.raises(ValueError, match=r"contains no picture: no name ends in \.bmp"):
        read_files(tmp_path, out=tmp_path / "t")


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"paths": ["a.png"]}, "list of files"),
        ({"model": Diary("b")}, "model"),
        ({"split": True}, "split"),
        ({"min_confidence": 0.5}, "min_confidence"),
        ({"block_size": 7}, "block_size"),
    ],
)
def test_another_question_is_refused(tmp_path, monkeypatch, changed, name):
    asked = {"paths": ["a.png", "b.png"], "model": Diary("a"), "out": tmp_path / "t"}
    monkeypatch.setattr(_read_files, "_tables", no_tables)
    read_files(**asked)
    note = (tmp_path / "t" / NOTE).read_text()
    read_files(**asked)
    with pytest.raises(ValueError, match=f"t was begun with another {name}: ask the same again"):
        read_files(**asked | changed)
    assert (tmp_path / "t" / NOTE).read_text() == note
    monkeypatch.setattr(_read_files, "__version__", "99")
    with pytest.raises(ValueError, match="begun with another version of sklearn_lenet: ask"):
        read_files(**asked)


@pytest.mark.parametrize(
    ("n", "block_size", "size", "n_blocks"),
    [
        (1, None, 1, 1),
        (70, None, 3, 24),
        (3200, None, 100, 32),
        (9001, None, 100, 91),
        (9, 7, 7, 2),
    ],
)
def test_few_pictures_are_many_blocks(tmp_path, monkeypatch, n, block_size, size, n_blocks):
    given = []

    def note(blocks, *_):
        given.extend(blocks)
        yield from ()

    monkeypatch.setattr(_read_files, "_tables", note)
    files = [f"{k}.png" for k in range(n)]
    read_files(files, out=tmp_path / "t", block_size=block_size)
    assert [file for block in given for file in block.files] == files
    assert [block.number for block in given] == list(range(n_blocks))
    assert {len(block.files) for block in given[:-1]} <= {size}


def no_tables(*_):
    """Yield no table, as a call does that is interrupted at once."""
    yield from ()


@pytest.mark.parametrize("package", ["distributed", "pandas", "pyarrow"])
def test_a_missing_package_is_named_with_its_extra(folder, tmp_path, monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)
    message = f"read_files needs the package {package}: pip install 'sklearn_lenet[dask]'."
    with pytest.raises(ImportError, match=exactly(message)):
        read_files(folder, out=tmp_path / "t")
