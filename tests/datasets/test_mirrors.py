"""Downloads that fail: every place is named, with the reason."""

import pytest

from sklearn_lenet.datasets import _mirrors

NAME = "t10k-labels-idx1-ubyte"


def test_the_error_names_every_place_and_the_files(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError("refused\nmore lines")

    monkeypatch.setattr(_mirrors, "download", refuse)
    monkeypatch.setattr(_mirrors, "fetch_openml", refuse)
    with pytest.raises(OSError, match="MNIST could not be downloaded") as caught:
        _mirrors.download_files([NAME], tmp_path)
    message = str(caught.value)
    for place in (*_mirrors.MIRRORS, "OpenML's mnist_784"):
        assert place in message
    assert "OSError: refused)" in message
    assert "more lines" not in message


def test_the_first_mirror_that_answers_is_used(tmp_path, monkeypatch):
    asked = []

    def second_only(url, size):
        asked.append((url, size))
        if len(asked) < 2:
            raise OSError("refused")
        return b"labels"

    monkeypatch.setattr(_mirrors, "download", second_only)
    monkeypatch.setattr(_mirrors, "is_official", lambda *_: True)
    assert _mirrors.download_files([NAME], tmp_path) == {NAME: b"labels"}
    assert asked == [(f"{mirror}{NAME}.gz", 10_008) for mirror in _mirrors.MIRRORS[:2]]
    assert (tmp_path / NAME).read_bytes() == b"labels"
