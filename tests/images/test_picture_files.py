"""Folders, patterns and names become files."""

import pytest

from sklearn_lenet.images import picture_files


@pytest.fixture
def folder(tmp_path):
    for name in ("b.PNG", "a.jpg", "notes.txt"):
        (tmp_path / name).touch()
    (tmp_path / "empty").mkdir()
    return tmp_path


def test_a_folder_is_its_pictures_in_order(folder):
    assert picture_files([str(folder)]) == [str(folder / "a.jpg"), str(folder / "b.PNG")]


def test_a_pattern_is_the_files_that_match(folder):
    assert picture_files([str(folder / "*.t?t"), "other.png"]) == [
        str(folder / "notes.txt"),
        "other.png",
    ]


def test_names_without_pictures_are_errors(folder):
    with pytest.raises(
        ValueError, match=r"empty contains no picture: no name ends in \.bmp, \.gif"
    ):
        picture_files([str(folder / "empty")])
    with pytest.raises(ValueError, match=r"\*.webp matches no file"):
        picture_files([str(folder / "*.webp")])


def test_a_single_name_and_a_path_are_taken(folder):
    pictures = [str(folder / "a.jpg"), str(folder / "b.PNG")]
    assert picture_files(folder) == picture_files(str(folder)) == pictures
    assert picture_files([folder / "a.jpg"]) == pictures[:1]
