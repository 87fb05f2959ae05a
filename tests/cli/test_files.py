"""Names on the command line: folders, patterns, files."""

import pytest

from sklearn_lenet.cli._files import expanded, with_progress


@pytest.fixture
def folder(tmp_path):
    for name in ("b.PNG", "a.jpg", "notes.txt"):
        (tmp_path / name).touch()
    (tmp_path / "empty").mkdir()
    return tmp_path


def test_a_folder_is_its_pictures_in_order(folder):
    assert expanded([str(folder)]) == [str(folder / "a.jpg"), str(folder / "b.PNG")]


def test_a_pattern_is_the_files_that_match(folder):
    assert expanded([str(folder / "*.t?t"), "other.png"]) == [
        str(folder / "notes.txt"),
        "other.png",
    ]


def test_names_without_pictures_are_errors(folder):
    with pytest.raises(
        ValueError, match=r"empty contains no picture: no name ends in \.bmp, \.gif"
    ):
        expanded([str(folder / "empty")])
    with pytest.raises(ValueError, match=r"\*.webp matches no file"):
        expanded([str(folder / "*.webp")])


def test_without_a_terminal_there_is_no_bar(capsys):
    assert list(with_progress(range(50), 50)) == list(range(50))
    assert capsys.readouterr().err == ""
