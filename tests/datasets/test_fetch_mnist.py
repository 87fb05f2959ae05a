"""fetch_mnist against a server of our own, and against the real files where they are."""

import gzip
import hashlib
import http.server
import os
import sys
import threading
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from sklearn_lenet import fetch_mnist
from sklearn_lenet.datasets import _idx_files, _mirrors, _official_files

NAMES = list(_official_files.CHECKSUMS)


@pytest.fixture
def tiny(monkeypatch):
    """A miniature MNIST: the four files' contents, and their checksums in place of MNIST's."""
    rng = np.random.default_rng(0)
    arrays = {
        "train-images-idx3-ubyte": rng.integers(0, 256, (7, 28, 28), dtype=np.uint8),
        "train-labels-idx1-ubyte": rng.integers(0, 10, 7, dtype=np.uint8),
        "t10k-images-idx3-ubyte": rng.integers(0, 256, (3, 28, 28), dtype=np.uint8),
        "t10k-labels-idx1-ubyte": rng.integers(0, 10, 3, dtype=np.uint8),
    }
    # The IDX header, spelled out: two zeros, 8 for bytes, the rank, then big-endian sizes.
    contents = {
        name: bytes([0, 0, 8, array.ndim])
        + b"".join(size.to_bytes(4, "big") for size in array.shape)
        + array.tobytes()
        for name, array in arrays.items()
    }
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    for name, checksum in sums.items():
        monkeypatch.setitem(_official_files.CHECKSUMS, name, checksum)
        monkeypatch.setitem(_official_files.SIZES, name, len(contents[name]))
    monkeypatch.delenv(_official_files.DATA_VARIABLE, raising=False)
    return SimpleNamespace(arrays=arrays, contents=contents)


@pytest.fixture
def server(monkeypatch):
    """Serve what `answers` holds for a path, 404 elsewhere; note what was asked for."""
    answers, asked = {}, []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            status, body = answers.get(self.path, (404, b""))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{httpd.server_port}"
        monkeypatch.setattr(_mirrors, "MIRRORS", [f"{url}/{k}/" for k in "abc"])
        monkeypatch.setattr(_mirrors, "fetch_openml", unreachable)
        yield SimpleNamespace(answers=answers, asked=asked, url=url)
        httpd.shutdown()
        thread.join()


def unreachable(*_, **__):
    raise OSError("no route to OpenML")


def serve(server, mirror, contents):
    for name, content in contents.items():
        server.answers[f"/{mirror}/{name}.gz"] = (200, gzip.compress(content))


def put(folder, contents, packed=False):
    folder.mkdir(exist_ok=True)
    for name, content in contents.items():
        if packed:
            (folder / f"{name}.gz").write_bytes(gzip.compress(content))
        else:
            (folder / name).write_bytes(content)


def assert_is_tiny(tiny, cache):
    for split, prefix in (("train", "train"), ("test", "t10k")):
        X, y = fetch_mnist(split=split, data_home=cache, return_X_y=True, flatten=False)
        assert_array_equal(X, tiny.arrays[f"{prefix}-images-idx3-ubyte"])
        assert_array_equal(y, tiny.arrays[f"{prefix}-labels-idx1-ubyte"])


def test_first_mirror_refuses_second_is_corrupt_third_is_good(tiny, server, tmp_path, capfd):
    for name in NAMES:
        server.answers[f"/a/{name}.gz"] = (403, b"forbidden")
    serve(server, "b", {name: content[:-1] + b"!" for name, content in tiny.contents.items()})
    serve(server, "c", tiny.contents)
    assert_is_tiny(tiny, tmp_path / "cache")
    assert [path.split("/")[1] for path in server.asked] == list("abc") * 4
    assert sorted(os.listdir(tmp_path / "cache")) == sorted(NAMES)
    # What is cached is not asked for again, and without a terminal there is no bar.
    server.asked.clear()
    assert_is_tiny(tiny, tmp_path / "cache")
    assert server.asked == []
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("body", [b"", b"not gzip", gzip.compress(b"short", mtime=0)[:-9]])
def test_half_a_file_is_no_file(tiny, server, tmp_path, body):
    server.answers["/a/train-images-idx3-ubyte.gz"] = (200, body)
    serve(server, "b", tiny.contents)
    assert_is_tiny(tiny, tmp_path)


def test_openml_is_asked_last(tiny, server, tmp_path, monkeypatch):
    images = np.concatenate([tiny.arrays[NAMES[0]], tiny.arrays[NAMES[2]]])
    labels = np.concatenate([tiny.arrays[NAMES[1]], tiny.arrays[NAMES[3]]])
    table = SimpleNamespace(
        data=images.reshape(10, 784).astype(float), target=labels.astype(str).astype(object)
    )
    monkeypatch.setattr(_mirrors, "fetch_openml", lambda *_, **__: table)
    monkeypatch.setattr(_mirrors, "N_TEST", 3)
    assert_is_tiny(tiny, tmp_path / "cache")
    assert len(server.asked) == 3 + 3  # one file of each split at each mirror, then OpenML
    assert sorted(os.listdir(tmp_path / "cache")) == sorted(NAMES)


def test_openml_with_other_contents_is_refused(tiny, server, tmp_path, monkeypatch):
    table = SimpleNamespace(data=np.zeros((10, 784)), target=np.array(["0"] * 10))
    monkeypatch.setattr(_mirrors, "fetch_openml", lambda *_, **__: table)
    monkeypatch.setattr(_mirrors, "N_TEST", 3)
    with pytest.raises(OSError, match=r"OpenML's mnist_784 .*checksum"):
        fetch_mnist(data_home=tmp_path)
    assert os.listdir(tmp_path) == []


def test_all_down_is_one_error_that_says_what_to_do(tiny, server, tmp_path):
    with pytest.raises(OSError, match="MNIST could not be downloaded") as error:
        fetch_mnist(data_home=tmp_path)
    message = str(error.value)
    assert "\n" not in message
    for part in (*(f"{server.url}/{k}/train-images-idx3-ubyte.gz" for k in "abc"), "404", "OpenML"):
        assert part in message
    for part in (str(tmp_path), *NAMES, "SKLEARN_LENET_DATA"):
        assert part in message


def test_the_folder_comes_before_the_cache_and_the_cache_before_the_net(
    tiny, server, tmp_path, monkeypatch
):
    put(tmp_path / "cache", tiny.contents)
    assert_is_tiny(tiny, tmp_path / "cache")
    put(tmp_path / "folder", tiny.contents, packed=True)
    monkeypatch.setenv(_official_files.DATA_VARIABLE, str(tmp_path / "folder"))
    assert_is_tiny(tiny, tmp_path / "nowhere")
    assert server.asked == []


def test_a_folder_without_the_files_does_not_hide_the_cache(tiny, tmp_path, monkeypatch):
    put(tmp_path / "cache", tiny.contents)
    monkeypatch.setenv(_official_files.DATA_VARIABLE, str(tmp_path / "empty"))
    assert_is_tiny(tiny, tmp_path / "cache")


def test_a_wrong_file_in_the_folder_is_named(tiny, tmp_path, monkeypatch):
    put(tmp_path, tiny.contents | {NAMES[1]: b"something else"})
    monkeypatch.setenv(_official_files.DATA_VARIABLE, str(tmp_path))
    with pytest.raises(ValueError, match=r"train-labels-idx1-ubyte .* is not MNIST's file"):
        fetch_mnist()


def test_a_full_disk_is_one_error_and_leaves_nothing(tiny, server, tmp_path, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    serve(server, "a", tiny.contents)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=r"was downloaded, but cannot be written to .*: free some"):
        fetch_mnist(data_home=tmp_path)
    assert os.listdir(tmp_path) == []


def test_a_damaged_plain_file_does_not_hide_a_packed_one(tiny, tmp_path, monkeypatch):
    put(tmp_path / "own", tiny.contents, packed=True)
    put(tmp_path / "own", {NAMES[0]: b"half"})
    monkeypatch.setenv(_official_files.DATA_VARIABLE, str(tmp_path / "own"))
    assert_is_tiny(tiny, tmp_path / "cache")
    monkeypatch.delenv(_official_files.DATA_VARIABLE)
    assert_is_tiny(tiny, tmp_path / "own")


def test_a_broken_cache_is_replaced(tiny, server, tmp_path):
    put(tmp_path, dict.fromkeys(NAMES, b"half"))
    serve(server, "a", tiny.contents)
    assert_is_tiny(tiny, tmp_path)


def test_no_download_unless_allowed(tiny, server, tmp_path):
    with pytest.raises(OSError, match="download_if_missing is False; put train-images"):
        fetch_mnist(data_home=tmp_path, download_if_missing=False)
    assert server.asked == []


def test_what_comes_back(tiny, tmp_path):
    put(tmp_path, tiny.contents)
    mnist = fetch_mnist(data_home=tmp_path)
    assert mnist.data.shape == (7, 784)
    assert mnist.images.shape == (7, 28, 28)
    assert (mnist.data.dtype, mnist.target.dtype) == (np.uint8, np.int64)
    assert mnist.data.flags.writeable
    assert mnist.feature_names[29] == "pixel_1_1"
    assert mnist.frame is None
    assert "60,000" in mnist.DESCR
    both, _ = fetch_mnist(split="all", data_home=tmp_path, return_X_y=True)
    assert_array_equal(both[:7], mnist.data)
    assert len(both) == 10


def test_as_frame(tiny, tmp_path):
    put(tmp_path, tiny.contents)
    mnist = fetch_mnist(data_home=tmp_path, as_frame=True)
    assert mnist.frame.shape == (7, 785)
    assert mnist.data.columns[-1] == "pixel_27_27"
    assert mnist.target.name == "target"
    X, y = fetch_mnist(data_home=tmp_path, as_frame=True, return_X_y=True)
    assert X.equals(mnist.data)
    assert y.equals(mnist.target)


def test_a_missing_pandas_names_the_extra(tiny, tmp_path, monkeypatch):
    put(tmp_path, tiny.contents)
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"pip install 'sklearn_lenet\[pandas\]'"):
        fetch_mnist(data_home=tmp_path, as_frame=True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"split": "validation"}, "'split' parameter of fetch_mnist must be a str among"),
        ({"flatten": "yes"}, "'flatten' parameter"),
        (
            {"as_frame": True, "flatten": False},
            "as_frame=True needs flatten=True; a frame has flat rows",
        ),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        fetch_mnist(**arguments)


def test_mirrors_are_three_and_encrypted():
    assert len(_mirrors.MIRRORS) >= 3
    assert all(mirror.startswith("https://") for mirror in _mirrors.MIRRORS)


def test_the_real_files(mnist):
    X_train, y_train, X_test, y_test = mnist
    assert (X_train.shape, X_test.shape) == ((60_000, 784), (10_000, 784))
    assert y_train[:5].tolist() == [5, 0, 4, 1, 9]
    assert y_test[:5].tolist() == [7, 2, 1, 0, 4]
    assert np.bincount(y_train)[[0, 9]].tolist() == [5923, 5949]


@pytest.mark.slow
def test_the_real_files_through_a_mirror(mnist, server, tmp_path, monkeypatch):
    contents = {name: _idx_files.write_idx(array) for name, array in real_arrays(mnist).items()}
    serve(server, "c", contents)
    monkeypatch.delenv(_official_files.DATA_VARIABLE)
    X, y = fetch_mnist(split="all", data_home=tmp_path, return_X_y=True)
    assert_array_equal(X[60_000:], mnist[2])
    assert_array_equal(y[:60_000], mnist[1])


def real_arrays(mnist):
    X_train, y_train, X_test, y_test = mnist
    arrays = [X_train.reshape(-1, 28, 28), y_train, X_test.reshape(-1, 28, 28), y_test]
    return {name: array.astype(np.uint8) for name, array in zip(NAMES, arrays, strict=True)}
