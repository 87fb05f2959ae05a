"""Files are written completely or not at all."""

import os
import platform
import subprocess
import sys

import pytest

from sklearn_lenet.utils._write_whole import check_writable, write_whole


def test_a_new_file_can_be_read_by_others(tmp_path):
    write_whole(tmp_path / "a.bin", b"content")
    assert (tmp_path / "a.bin").read_bytes() == b"content"
    umask = os.umask(0)
    os.umask(umask)
    assert (tmp_path / "a.bin").stat().st_mode & 0o777 == 0o666 & ~umask


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")

    def full(_):
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="disk full"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere is not a folder: create it"):
        write_whole(tmp_path / "nowhere" / "a.bin", b"")


KILLED = """
import os, sys
from pathlib import Path
from sklearn_lenet.utils import write_whole
os.fsync = lambda _: os.kill(os.getpid(), 9)
write_whole(Path(sys.argv[1]), b"half")
"""


def test_what_a_killed_process_left_is_removed(tmp_path):
    path = tmp_path / "a.bin"
    for _ in range(2):
        subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
        assert len(list(tmp_path.iterdir())) == 1  # the second one removed that of the first
    node, own = platform.node(), os.getpid()
    living = tmp_path / f".a.bin.{node}-{own}.abcdefgh"
    elsewhere = tmp_path / f".a.bin.elsewhere-{own}.abcdefgh"
    other = tmp_path / f".b.bin.{node}-99999999.abcdefgh"
    old = tmp_path / ".a.bin.12345678"
    for file in (living, elsewhere, other, old):
        file.write_bytes(b"")
    os.utime(old, (0, 0))
    write_whole(path, b"content")
    assert sorted(tmp_path.iterdir()) == sorted([path, living, elsewhere, other])


def test_a_path_that_cannot_be_written_is_noticed_before(tmp_path):
    check_writable(tmp_path / "a.bin")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(FileNotFoundError, match="is not a folder: create it"):
        check_writable(tmp_path / "nowhere" / "a.bin")
    with pytest.raises(IsADirectoryError, match="is a folder: name a file in it"):
        check_writable(tmp_path)
