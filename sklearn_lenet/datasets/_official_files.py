"""MNIST's four files: their names, their checksums, and the advice where to put them."""

from __future__ import annotations

import hashlib
from pathlib import Path

DATA_VARIABLE = "SKLEARN_LENET_DATA"
"""This environment variable names a folder with MNIST's files."""

CHECKSUMS = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
"""The SHA-256 of each file's unpacked contents; the packed files differ between mirrors."""

SIZES = {
    "train-images-idx3-ubyte": 16 + 60_000 * 28 * 28,
    "train-labels-idx1-ubyte": 8 + 60_000,
    "t10k-images-idx3-ubyte": 16 + 10_000 * 28 * 28,
    "t10k-labels-idx1-ubyte": 8 + 10_000,
}
"""The bytes of each file's unpacked contents: a header and the values."""

FILES = {
    "train": ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"],
    "test": ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"],
}
"""The files of each split: images, then labels."""


def is_official(name: str, content: bytes) -> bool:
    """Return whether the unpacked contents of a file are MNIST's."""
    return hashlib.sha256(content).hexdigest() == CHECKSUMS[name]


def advice(cache: Path) -> str:
    """Return what a user can do if MNIST is not found."""
    names = ", ".join(CHECKSUMS)
    return (
        f"put {names} (plain or as .gz) into {cache}, "
        f"or set {DATA_VARIABLE} to a folder that contains them."
    )
