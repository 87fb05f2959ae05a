"""Malloc keeps freed memory while it is told to, and returns it before and after."""

import os
import subprocess
import sys

import pytest
from helpers import GLIBC_ONLY

from sklearn_lenet.utils import _kept_memory
from sklearn_lenet.utils._kept_memory import kept_memory

# 100 blocks of 1 MiB, which are 256 pages each.
COUNT_PAGES = """
import resource
from sklearn_lenet.utils._kept_memory import kept_memory

def pages(n=100):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(n):
        bytearray(2**20)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

print(pages())
with kept_memory():
    pages(1)
    print(pages())
    with kept_memory():
        pass
    print(pages())
print(pages())
"""


def pages_of_a_process(**variables):
    """Return the pages that a process gets from the system before, twice while, and after."""
    done = subprocess.run(
        [sys.executable, "-c", COUNT_PAGES],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=True,
    )
    return [int(line) for line in done.stdout.split()]


@GLIBC_ONLY
def test_a_process_that_returns_memory_early_keeps_it_for_a_while():
    before, within, after_inner, after = pages_of_a_process(MALLOC_TRIM_THRESHOLD_="65536")
    assert before >= 25_600
    assert within < 1000
    assert after_inner < 1000
    assert after >= 25_600


class Libc:
    def __init__(self):
        self.calls = []

    def mallopt(self, number, value):
        self.calls.append((number, value))

    def malloc_trim(self, kept):
        self.calls.append(("trim", kept))


@pytest.fixture
def libc(monkeypatch):
    """A libc that takes note of its calls, in a process like that of a Nanny."""
    found = Libc()
    monkeypatch.setattr(_kept_memory.ctypes, "CDLL", lambda name: found)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", "65536")
    monkeypatch.delenv("MALLOC_MMAP_THRESHOLD_", raising=False)
    return found


def test_the_last_of_two_tasks_restores_the_thresholds(libc):
    first, second = kept_memory(), kept_memory()
    first.__enter__()
    second.__enter__()
    kept = [(-1, 67_108_864), (-3, 8_388_608)]
    assert libc.calls == kept
    first.__exit__(None, None, None)
    assert libc.calls == kept
    second.__exit__(None, None, None)
    assert libc.calls == [*kept, (-1, 65_536), (-3, 131_072), ("trim", 0)]


def test_the_thresholds_are_restored_after_an_error(libc):
    with pytest.raises(KeyError), kept_memory():
        raise KeyError
    assert libc.calls[-3:] == [(-1, 65_536), (-3, 131_072), ("trim", 0)]


@pytest.mark.parametrize(
    ("variables", "platform"),
    [
        ({}, "linux"),
        ({"MALLOC_TRIM_THRESHOLD_": "64k"}, "linux"),
        ({"MALLOC_TRIM_THRESHOLD_": "65536", "MALLOC_MMAP_THRESHOLD_": "65536"}, "linux"),
        ({"MALLOC_TRIM_THRESHOLD_": "65536"}, "darwin"),
        ({"MALLOC_TRIM_THRESHOLD_": "65536"}, "win32"),
    ],
    ids=["not set", "no number", "both set by the user", "macOS", "Windows"],
)
def test_other_processes_are_left_alone(variables, platform, libc, monkeypatch):
    monkeypatch.delenv("MALLOC_TRIM_THRESHOLD_")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    with kept_memory():
        pass
    assert libc.calls == []


def test_a_library_without_these_functions_is_left_alone(libc, monkeypatch):
    monkeypatch.setattr(_kept_memory.ctypes, "CDLL", lambda name: object())
    with kept_memory():
        pass
    assert libc.calls == []
