"""Files on this machine: the user's folder first, then the cache; plain or packed."""

import gzip
import hashlib

import pytest

from sklearn_lenet.datasets import DATA_VARIABLE, _official_files
from sklearn_lenet.datasets._local_files import read_local_files

NAMES = ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"]


@pytest.fixture(autouse=True)
def places(tmp_path, monkeypatch):
    """An empty folder of the user, an empty cache, and files whose contents are their names."""
    folder, cache = tmp_path / "folder", tmp_path / "cache"
    folder.mkdir()
    cache.mkdir()
    monkeypatch.setenv(DATA_VARIABLE, str(folder))
    monkeypatch.setattr("pooch.os_cache", lambda _: cache)
    for name in NAMES:
        checksum = hashlib.sha256(name.encode()).hexdigest()
        monkeypatch.setitem(_official_files.CHECKSUMS, name, checksum)
    return folder, cache


def test_files_of_both_places_count(places):
    folder, cache = places
    (folder / f"{NAMES[0]}.gz").write_bytes(gzip.compress(NAMES[0].encode()))
    (cache / NAMES[1]).write_text(NAMES[1])
    contents = read_local_files(NAMES, cache)
    assert contents == {name: name.encode() for name in NAMES}


def test_a_wrong_file_of_the_user_is_an_error_and_in_the_cache_it_is_missing(places):
    folder, cache = places
    (cache / NAMES[0]).write_text("wrong")
    assert read_local_files(NAMES, cache) == {}
    (folder / NAMES[0]).write_text("wrong")
    with pytest.raises(ValueError, match=f"{NAMES[0]} in {DATA_VARIABLE}=.* is not MNIST's file"):
        read_local_files(NAMES, cache)


def test_a_damaged_packed_file_is_missing(places):
    _, cache = places
    (cache / f"{NAMES[0]}.gz").write_bytes(gzip.compress(NAMES[0].encode())[:9])
    assert read_local_files(NAMES, cache) == {}
