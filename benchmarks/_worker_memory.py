"""The largest memory of each worker, seen from outside and by the system.

Workers import this file: it imports nothing that they do not need anyway.
"""

import os
import threading
from contextlib import contextmanager, suppress

import psutil
from _record import resident

LOOK = 0.2
"""Seconds between two looks at the memory of the workers."""


@contextmanager
def watched(pids):
    """Yield the largest memory in bytes of each process, as seen from outside while it runs."""
    peaks, stop = dict.fromkeys(pids, 0), threading.Event()

    def look():
        while not stop.is_set():
            for pid in pids:
                with suppress(psutil.NoSuchProcess):
                    peaks[pid] = max(peaks[pid], psutil.Process(pid).memory_info().rss)
            stop.wait(LOOK)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield peaks
    finally:
        stop.set()
        thread.join()


def megabytes(client, peaks):
    """Return the peak of each worker in MB: the larger one of ours and that of the system."""
    own = {seen["pid"]: seen["peak"] for seen in client.run(pid_and_peak).values()}
    if own.keys() != peaks.keys():
        raise RuntimeError(f"workers were replaced: {sorted(peaks)} became {sorted(own)}.")
    return [max(peaks[pid], own[pid]) / 1e6 for pid in sorted(peaks)]


def pid_and_peak():
    """Return the number of this process and its largest memory so far."""
    return {"pid": os.getpid(), "peak": resident("VmHWM")}
