"""What the tests of both classifiers share."""

import json
import os
import re
import sys
import zipfile

import numpy as np
import pytest

from sklearn_lenet import DenseDigitClassifier, LeNet5Classifier
from sklearn_lenet.persistence._zip_archive import CHECKSUMS_ENTRY, JSON_ENTRY, checksums

BOTH = pytest.mark.parametrize("Classifier", [LeNet5Classifier, DenseDigitClassifier])

IS_GLIBC = sys.platform == "linux" and "glibc" in os.confstr("CS_GNU_LIBC_VERSION")
GLIBC_ONLY = pytest.mark.skipif(not IS_GLIBC, reason="only glibc has thresholds to set")


def quick(Classifier=LeNet5Classifier, **settings):
    """Return a seeded classifier that takes two epochs, without augmentation and calibration."""
    plain = {"max_epochs": 2, "augment": None, "calibrate": False, "random_state": 0}
    return Classifier(**plain | settings)


def text(digits):
    """Return the labels that `read_digits` found, as one word."""
    return "".join(str(digit.label) for digit in digits)


def drawn(*strokes):
    """Return a row with these slices of 28x28 in white."""
    image = np.zeros((28, 28), dtype=np.uint8)
    for rows, columns in strokes:
        image[slice(*rows), slice(*columns)] = 255
    return image.ravel()


ONE = drawn(((4, 24), (13, 15)))
SEVEN = drawn(((4, 6), (8, 20)), ((4, 24), (18, 20)))
ZERO = drawn(((4, 24), (9, 11)), ((4, 24), (17, 19)), ((4, 6), (9, 19)), ((22, 24), (9, 19)))


def drawn_values(axes):
    """Return the values of the only image on matplotlib axes; NaN for masked ones."""
    (image,) = axes.get_images()
    return np.ma.filled(image.get_array().astype(float), np.nan)


def exactly(message):
    """Return a pattern for ``pytest.raises`` that only the whole message matches."""
    return f"^{re.escape(message)}$"


def entries_of(path):
    """Return the entries of a model file by name."""
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def write_entries(path, entries, *, fix_checksums=True, compression=zipfile.ZIP_STORED):
    """Write a model file of any content, as an attacker would; its checksums are correct."""
    if fix_checksums:
        entries = entries | {CHECKSUMS_ENTRY: checksums(entries)}
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)


def change_fields(path, change):
    """Change the JSON of a model file with a function; its checksums are correct."""
    entries = entries_of(path)
    fields = json.loads(entries[JSON_ENTRY])
    change(fields)
    write_entries(path, entries | {JSON_ENTRY: json.dumps(fields).encode()})


def clean_lines(n, seed):
    """Return pictures of one to four ones and zeros, black on white, and their texts."""
    rng = np.random.default_rng(seed)
    pictures, texts = [], []
    for _ in range(n):
        text = "".join(rng.choice(["0", "1"], rng.integers(1, 5)))
        page = np.full((30, 20 + 16 * len(text)), 255, dtype=np.uint8)
        for place, label in enumerate(text):
            digit = (ZERO if label == "0" else ONE).reshape(28, 28)[4:24, 8:20]
            left = 10 + 16 * place + rng.integers(-1, 2)
            page[5:25, left : left + 12] = 255 - digit
        pictures.append(page)
        texts.append(text)
    return pictures, np.array(texts)
