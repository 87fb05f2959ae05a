"""The table of a block: types, errors, names that are no UTF-8. No cluster is needed."""

import io
import pickle
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from sklearn_lenet.distributed._block_reader import BlockReader, schema_of
from sklearn_lenet.pretrained import QuickDigits

pyarrow = pytest.importorskip("pyarrow", reason="needs the extra dask")
pandas = pytest.importorskip("pandas", reason="needs the extra dask")


class Fours:
    """A model that predicts a 4 for everything."""

    classes_ = np.array([1, 4])

    def predict_proba(self, rows):
        return np.tile([0.125, 0.875], (len(rows), 1))


def table(files, folder, deadly=(), split=True):
    schema = schema_of(Fours(), reads_lines=False)
    reader = BlockReader(Fours(), None, split, 0.0, False, schema, str(folder))
    return pandas.read_parquet(io.BytesIO(reader.read(files, deadly)))


@pytest.fixture
def folder(tmp_path):
    page = np.full((60, 100), 255, np.uint8)
    page[10:50, 20:25] = page[10:50, 70:75] = 0
    Image.fromarray(page).save(tmp_path / "page.png")
    return tmp_path


def test_rows_are_digits_or_errors(folder):
    rows = table(["page.png", "missing.png", "page.png"], folder)
    assert rows["file"].tolist() == ["page.png"] * 2 + ["missing.png"] + ["page.png"] * 2
    assert rows["label"].fillna("none").tolist() == ["4", "4", "none", "4", "4"]
    assert rows["left"].dropna().tolist() == [20, 70, 20, 70]
    assert rows["error"].dropna().tolist() == [f"{folder / 'missing.png'} does not exist."]
    assert rows["p_4"].dtype == np.float32
    assert rows["p_4"].dropna().tolist() == [0.875] * 4


def test_the_types_do_not_depend_on_the_rows(folder):
    digits, errors = table(["page.png"], folder), table(["missing.png"], folder)
    assert digits.dtypes.equals(errors.dtypes)
    assert digits.dtypes.astype(str).to_dict() == {
        "file": "string",
        "line": "Int32",
        "label": "string",
        "confidence": "float64",
        "flags": "string",
        "needs_review": "boolean",
        **dict.fromkeys(["left", "top", "right", "bottom"], "Int32"),
        "p_1": "float32",
        "p_4": "float32",
        "error": "string",
    }


def test_a_deadly_picture_is_not_opened(folder):
    rows = table(["page.png", "deadly.png"], folder, deadly=["deadly.png"], split=False)
    assert rows["error"].iloc[1] == (
        "deadly.png: the processes that read it ended each time, and said nothing."
    )
    assert rows["label"].iloc[0] == "4"


def test_reading_with_the_default_model_loads_no_torch(folder):
    # A process that reads is ready a second earlier.
    code = (
        "import pickle, sys\n"
        "reader = pickle.loads(sys.stdin.buffer.read())\n"
        "reader.read(['page.png'], ())\n"
        "print('torch' in sys.modules)\n"
    )
    schema = schema_of(QuickDigits(), reads_lines=False)
    reader = BlockReader(QuickDigits(), None, True, 0.0, False, schema, str(folder))
    packed = pickle.dumps(reader)
    run = subprocess.run(
        [sys.executable, "-c", code], input=packed, capture_output=True, check=True
    )
    assert run.stdout.split() == [b"False"]


def test_a_name_that_is_no_utf8_is_escaped(folder):
    (rows,) = table(["\udcff.png"], folder)[["file", "error"]].to_numpy()
    assert rows[0] == r"\udcff.png"
    assert rows[1].endswith(r"\udcff.png does not exist.")
