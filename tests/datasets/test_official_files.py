"""The checksum decides whether a file is MNIST's, and the advice names the files."""

import hashlib

from sklearn_lenet.datasets import _official_files
from sklearn_lenet.datasets._official_files import CHECKSUMS, FILES, advice, is_official


def test_the_checksum_decides(monkeypatch):
    name = FILES["test"][1]
    monkeypatch.setitem(_official_files.CHECKSUMS, name, hashlib.sha256(b"labels").hexdigest())
    assert is_official(name, b"labels")
    assert not is_official(name, b"others")


def test_all_files_have_a_checksum_and_are_in_the_advice(tmp_path):
    assert {name for names in FILES.values() for name in names} == set(CHECKSUMS)
    assert all(name in advice(tmp_path) for name in CHECKSUMS)
    assert str(tmp_path) in advice(tmp_path)
