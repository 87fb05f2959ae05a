"""The folder of answers: the same question goes on, another one is refused."""

import json

import pytest
from helpers import exactly

from sklearn_lenet.distributed._answers_folder import NOTE, begin, count_errors, part_of

ASKED = {"model": "A 1", "split": False, "block_size": 100}


def test_the_same_question_goes_on(tmp_path):
    folder = tmp_path / "new" / "answers"
    begin(folder, ASKED)
    assert json.loads((folder / NOTE).read_text()) == ASKED
    part_of(folder, 0).touch()
    begin(folder, ASKED)
    assert part_of(folder, 0).exists()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"model": "B 2"}, "another model"),
        ({"model": "B 2", "split": True}, "another model and another split"),
    ],
)
def test_another_question_is_refused(tmp_path, change, told):
    begin(tmp_path, ASKED)
    message = (
        f"{tmp_path} was begun with {told}: ask the same again to go on, or name another folder."
    )
    with pytest.raises(ValueError, match=exactly(message)):
        begin(tmp_path, ASKED | change)
    assert json.loads((tmp_path / NOTE).read_text()) == ASKED


def test_a_file_and_a_folder_of_other_things_are_refused(tmp_path):
    (tmp_path / "file").touch()
    message = f"{tmp_path / 'file'} is a file: name a folder."
    with pytest.raises(NotADirectoryError, match=exactly(message)):
        begin(tmp_path / "file", ASKED)
    message = f"{tmp_path} contains other files: name a new or an empty folder."
    with pytest.raises(ValueError, match=exactly(message)):
        begin(tmp_path, ASKED)


def test_what_a_kill_left_is_no_other_file(tmp_path):
    (tmp_path / f".{NOTE}.here-1.abcdefgh").touch()
    begin(tmp_path, ASKED)
    assert (tmp_path / NOTE).exists()


def test_errors_of_all_parts_are_counted(tmp_path):
    pyarrow = pytest.importorskip("pyarrow", reason="needs the extra dask")
    parquet = pytest.importorskip("pyarrow.parquet", reason="needs the extra dask")
    begin(tmp_path, ASKED)
    assert count_errors(tmp_path) == 0
    for number, errors in enumerate([[None, "a" * 10_000, None], ["b", "c"], [None]]):
        column = pyarrow.array(errors, type=pyarrow.string())
        parquet.write_table(pyarrow.table({"error": column}), part_of(tmp_path, number))
    assert count_errors(tmp_path) == 3


def test_names_are_in_the_order_of_numbers(tmp_path):
    names = [part_of(tmp_path, number).name for number in (2, 10, 9_999_999, 10_000_000)]
    assert names == sorted(names)
