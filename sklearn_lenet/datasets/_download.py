"""One file from the network, within a time and a size."""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable
from http.client import HTTPException
from typing import Any, TypeVar

from ..utils import progress_bar

SILENCE = 30
"""A server that sends nothing for this many seconds has failed."""

LONGEST = 600
"""A download that takes more seconds than this has failed."""

BLOCK = 2**16
"""Bytes that are read at a time."""

Result = TypeVar("Result")


def download(url: str, size: int) -> bytes:
    """Return the unpacked contents of a .gz file of known unpacked size.

    An OSError is raised if it takes too long, is too large, or is not complete.
    """
    name = url.rsplit("/", 1)[-1]
    try:
        with progress_bar(name, size) as advance:
            return within(LONGEST, url, lambda stopped: _unpacked(url, size, advance, stopped))
    except (HTTPException, zlib.error) as error:  # an answer that is not HTTP, or not gzip
        raise OSError(f"sent an unreadable answer: {error!r}") from error


def _unpacked(
    url: str, size: int, advance: Callable[[int], None], stopped: threading.Event
) -> bytes:
    unpack = zlib.decompressobj(wbits=31)  # gzip
    content = bytearray()
    try:
        opened = urllib.request.urlopen(url, timeout=SILENCE)  # noqa: S310 - every mirror is https, which a test checks
    except urllib.error.HTTPError as error:
        error.close()  # it holds the connection
        raise OSError(f"HTTP status {error.code}") from None
    with opened as response:
        while not stopped.is_set() and len(content) <= size:
            block = response.read1(BLOCK)
            if not block:
                break
            part = unpack.decompress(block, size + 1 - len(content))
            content += part
            advance(len(part))
    if len(content) != size or not unpack.eof:
        raise OSError(f"sent other contents than the {size:,} bytes of the file")
    return bytes(content)


def within(seconds: float, name: str, work: Callable[[threading.Event], Result]) -> Result:
    """Return the result of work in a thread; an OSError if it takes longer.

    The thread is told to stop by an event. One that waits for the network ends by itself.
    """
    stopped, outcome = threading.Event(), dict[str, Any]()

    def run() -> None:
        try:
            outcome["result"] = work(stopped)
        except BaseException as error:
            outcome["error"] = error

    thread = threading.Thread(target=run, daemon=True, name=f"download of {name}")
    thread.start()
    deadline = time.monotonic() + seconds
    try:
        while thread.is_alive() and time.monotonic() < deadline:
            thread.join(0.1)  # short, so that Ctrl-C is noticed on every system
    finally:
        stopped.set()
    if "error" in outcome:
        raise outcome["error"]
    if "result" not in outcome:
        raise OSError(f"took more than {seconds:g} seconds")
    result: Result = outcome["result"]
    return result
