"""Downloads that fail: every place is named, with the reason."""

import pytest

from sklearn_lenet.datasets import _mirrors


def test_the_error_names_every_place_and_the_files(tmp_path, monkeypatch):
    def refuse(url, **_):
        raise OSError("refused\nmore lines")

    monkeypatch.setattr(_mirrors.pooch, "retrieve", refuse)
    monkeypatch.setattr(_mirrors, "fetch_openml", refuse)
    with pytest.raises(OSError, match="MNIST could not be downloaded") as caught:
        _mirrors.download_files(["t10k-labels-idx1-ubyte"], tmp_path)
    message = str(caught.value)
    for place in (*_mirrors.MIRRORS, "OpenML's mnist_784"):
        assert place in message
    assert "OSError: refused)" in message
    assert "more lines" not in message


def test_the_first_mirror_that_answers_is_used(tmp_path, monkeypatch):
    asked = []

    def second_only(url, **options):
        asked.append(url)
        if len(asked) < 2:
            raise OSError("refused")
        path = options["path"] / options["fname"]
        path.write_bytes(b"labels")
        return path

    monkeypatch.setattr(_mirrors.pooch, "retrieve", second_only)
    name = "t10k-labels-idx1-ubyte"
    assert _mirrors.download_files([name], tmp_path) == {name: b"labels"}
    assert asked == [f"{mirror}{name}.gz" for mirror in _mirrors.MIRRORS[:2]]
