"""The archive of a model file: exactly three unchanged entries, or an error."""

import hashlib
import io
import json
import os
import pickle
import zipfile

import numpy as np
import pytest
import torch
from helpers import entries_of, write_entries

from sklearn_lenet import ModelFileError, load_model
from sklearn_lenet.persistence._zip_archive import (
    CHECKSUMS_ENTRY,
    JSON_ENTRY,
    MOST_BYTES,
    WEIGHTS_ENTRY,
    read_archive,
    write_archive,
)


def test_fields_and_arrays_are_read_as_they_were_written(tmp_path):
    fields = {"a": [1, 2.5, None], "ñ": {"b": float("inf")}}
    arrays = {"x": np.arange(6.0)[::2], "y": np.array([[1], [2]], dtype=np.uint8)}
    write_archive(tmp_path / "a.lenet", fields, arrays)
    fields_read, arrays_read = read_archive(tmp_path / "a.lenet")
    assert fields_read == fields
    assert arrays_read.keys() == arrays.keys()
    for name in arrays:
        np.testing.assert_array_equal(arrays_read[name], arrays[name], strict=True)


def test_the_same_model_gives_the_same_bytes(tmp_path):
    for name in ("a.lenet", "b.lenet"):
        write_archive(tmp_path / name, {"a": 1}, {"x": np.ones(3)})
    assert (tmp_path / "a.lenet").read_bytes() == (tmp_path / "b.lenet").read_bytes()


def test_checksums_are_those_of_sha256sum(path):
    entries = entries_of(path)
    lines = entries[CHECKSUMS_ENTRY].decode().splitlines()
    assert lines == [
        f"{hashlib.sha256(entries[name]).hexdigest()}  {name}"
        for name in ("model.json", "weights.safetensors")
    ]
    assert json.loads(entries[JSON_ENTRY])["format"] == 1


class Bomb:
    def __reduce__(self):
        return (os.mkdir, (os.environ["BOMB"],))


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_a_pickle_is_refused_and_not_loaded(path, tmp_path, monkeypatch, protocol):
    monkeypatch.setenv("BOMB", str(tmp_path / "exploded"))
    path.write_bytes(pickle.dumps(Bomb(), protocol))
    with pytest.raises(ModelFileError, match="is a pickle, which can run any code"):
        load_model(path)
    assert not (tmp_path / "exploded").exists()


def test_a_torch_file_is_refused(path, fitted):
    torch.save(fitted.module_.state_dict(), path)
    with pytest.raises(ModelFileError, match=r"a model file contains model.json"):
        load_model(path)


@pytest.mark.parametrize("name", ["../escaped.json", "/escaped.json", "more.json"])
def test_an_entry_of_another_name_is_refused(path, name, tmp_path):
    write_entries(path, entries_of(path) | {name: b"{}"})
    with pytest.raises(ModelFileError, match="and nothing else"):
        load_model(path)
    assert [other.name for other in tmp_path.iterdir()] == [path.name]


def test_two_entries_of_one_name_are_refused(path):
    contents = entries_of(path)
    with zipfile.ZipFile(path, "w") as archive:
        for name in (JSON_ENTRY, WEIGHTS_ENTRY, CHECKSUMS_ENTRY):
            archive.writestr(name, contents[name])
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr(JSON_ENTRY, contents[JSON_ENTRY])
    with pytest.raises(ModelFileError, match="and nothing else"):
        load_model(path)


def test_a_compressed_entry_is_refused_and_not_extracted(path):
    contents = entries_of(path) | {JSON_ENTRY: b"0" * 50_000_000}
    write_entries(path, contents, compression=zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(
        ModelFileError, match=r"declares 50,000,000 bytes of model.json, compressed"
    ):
        load_model(path)


def test_an_entry_larger_than_declared_is_refused(path):
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo(WEIGHTS_ENTRY).file_size
    declared, smaller = size.to_bytes(4, "little"), (size - 1000).to_bytes(4, "little")
    path.write_bytes(bytes(data).replace(declared * 2, smaller * 2))
    with pytest.raises(ModelFileError, match=r"truncated or damaged|changed after it was saved"):
        load_model(path)


@pytest.mark.parametrize("left", [0, 3, 100, 0.5, 0.99, -1])
def test_a_truncated_file_is_refused(path, left):
    data = path.read_bytes()
    kept = int(left * len(data)) if isinstance(left, float) else left
    path.write_bytes(data[:kept])
    with pytest.raises(ModelFileError, match=r"truncated or damaged|is not a model file"):
        load_model(path)


def test_any_changed_byte_is_found(path):
    data = path.read_bytes()
    rng = np.random.default_rng(0)
    for place in rng.integers(0, len(data), 60).tolist():
        changed = bytearray(data)
        changed[place] ^= 0x41
        path.write_bytes(changed)
        try:
            load_model(path)
        except ModelFileError:
            continue
        # The byte is in a date or an attribute of the zip archive, not in an entry.
        assert entries_of(path).keys() == {JSON_ENTRY, WEIGHTS_ENTRY, CHECKSUMS_ENTRY}


def test_a_changed_json_with_the_old_checksums_is_refused(path):
    contents = entries_of(path)
    changed = contents[JSON_ENTRY].replace(b'"lr": 0.006', b'"lr": 0.009')
    assert changed != contents[JSON_ENTRY]
    write_entries(path, contents | {JSON_ENTRY: changed}, fix_checksums=False)
    with pytest.raises(ModelFileError, match="was changed after it was saved"):
        load_model(path)


@pytest.mark.parametrize("text", [b"", b"[]", b"{", b"[" * 100_000, b"\xff", b"null"])
def test_an_unreadable_json_is_refused(path, text):
    write_entries(path, entries_of(path) | {JSON_ENTRY: text})
    with pytest.raises(ModelFileError, match="contains no readable model"):
        load_model(path)


@pytest.mark.parametrize(
    "text", [b"", b"\x00" * 8, b"\xff" * 64, b"\x10\x00\x00\x00\x00\x00\x00\x00{}"]
)
def test_unreadable_weights_are_refused(path, text):
    write_entries(path, entries_of(path) | {WEIGHTS_ENTRY: text})
    with pytest.raises(ModelFileError, match=r"contains no readable model|its weights"):
        load_model(path)


def test_another_file_is_refused(tmp_path):
    (tmp_path / "a.lenet").write_text("hello")
    with pytest.raises(
        ModelFileError, match=r"a\.lenet is not a model file; load_model reads files"
    ):
        load_model(tmp_path / "a.lenet")
    with pytest.raises(FileNotFoundError):
        load_model(tmp_path / "b.lenet")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are files on POSIX only")
def test_pipes_and_devices_are_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.lenet")
    (tmp_path / "zero.lenet").symlink_to("/dev/zero")
    for name in ("pipe.lenet", "zero.lenet"):
        with pytest.raises(ModelFileError, match="is a pipe, a device or a file of more"):
            load_model(tmp_path / name)


def test_a_huge_file_is_not_read(tmp_path):
    with (tmp_path / "huge.lenet").open("wb") as file:
        file.truncate(MOST_BYTES + 1)  # takes no room on the disk
    with pytest.raises(ModelFileError, match="is a pipe, a device or a file of more"):
        load_model(tmp_path / "huge.lenet")


def test_a_folder_is_an_error_of_its_own(tmp_path):
    with pytest.raises(IsADirectoryError, match="is a folder; load_model reads one file"):
        load_model(tmp_path)
