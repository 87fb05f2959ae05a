"""A download ends: after a time, after a size, and with an error that says why."""

import contextlib
import gzip
import http.server
import threading
import time

import pytest

from sklearn_lenet.datasets import _download
from sklearn_lenet.datasets._download import download, within

CONTENT = bytes(range(256)) * 40


@pytest.fixture
def url():
    """A server whose path says how it sends."""
    done = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            packed = gzip.compress(CONTENT)
            with contextlib.suppress(OSError):
                if self.path == "/rubbish":
                    self.wfile.write(b"rubbish\r\n\r\n")
                    return
                while self.path == "/headers" and not done.is_set():
                    self.wfile.write(b"X")
                    done.wait(0.05)
                self.send_response(200)
                self.end_headers()
                if self.path == "/whole":
                    self.wfile.write(packed)
                elif self.path == "/half":
                    self.wfile.write(packed[:-20])
                elif self.path == "/bomb":
                    self.wfile.write(gzip.compress(bytes(50_000_000)))
                elif self.path == "/text":
                    self.wfile.write(b"<html>")
                while self.path == "/endless" and not done.is_set():
                    self.wfile.write(packed)
                for k in range(len(packed) if self.path == "/drip" else 0):
                    self.wfile.write(packed[k : k + 1])
                    if done.wait(0.1):
                        break

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        done.set()
        httpd.shutdown()
        thread.join()


def test_a_whole_file(url):
    assert download(f"{url}/whole", len(CONTENT)) == CONTENT


@pytest.mark.parametrize("how", ["half", "bomb", "text", "endless", "rubbish"])
def test_other_contents(url, how):
    start = time.monotonic()
    size = len(CONTENT) - 1 if how == "endless" else len(CONTENT)
    with pytest.raises(OSError, match="sent"):
        download(f"{url}/{how}", size)
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("how", ["drip", "headers"])
def test_a_slow_server_is_left(url, how, monkeypatch):
    monkeypatch.setattr(_download, "LONGEST", 0.5)
    start = time.monotonic()
    with pytest.raises(OSError, match=r"took more than 0\.5 seconds"):
        download(f"{url}/{how}", len(CONTENT))
    assert time.monotonic() - start < 3


def test_work_within_a_time():
    assert within(5, "a", lambda _: 7) == 7
    with pytest.raises(KeyError, match="mine"):
        within(5, "a", lambda _: {}["mine"])
    with pytest.raises(OSError, match=r"took more than 0\.2 seconds"):
        within(0.2, "a", lambda stopped: time.sleep(1))
