"""Claim: a reader that was trained on synthetic lines alone reads real amounts.

``python benchmarks/lines.py`` trains readers on lines that are made from MNIST's training digits.
They read real cheque amounts (from the folder that ``SKLEARN_LENET_STRINGS`` names), strings of
scanned digits, pairs of touching digits, and pairs built by the rule of TDTS. Everything was
chosen on synthetic lines and on the first half of the amounts, every second file. The results are
written to ``results/lines.json``.
"""

import os
import time
from pathlib import Path

import numpy as np
import torch
from _pictures import other_writers, string_of, tdts_pair
from _record import environment, save
from joblib import Parallel, delayed

from sklearn_lenet import DigitStringReader, fetch_mnist, make_digit_lines

FOLDER_VARIABLE = "SKLEARN_LENET_STRINGS"
"""The environment variable that names the folder with real amounts."""

SEEDS = [0, 1, 2]
STRINGS, PAIRS, TDTS_PAIRS, SYNTHETIC = 300, 300, 10_000, 1000
"""The number of pictures of each kind."""

LEAST_SURE = 0.2
"""The share of the amounts that is rejected, those with the lowest confidence."""

LINE = 10
"""The number of digits of the line that is timed."""

REPEATS = 25
"""How often it is read."""


def amounts(half):
    """Return paths and amounts of the first or the second half, every second file."""
    paths = sorted(Path(os.environ[FOLDER_VARIABLE]).glob("*.png"))[half::2]
    return paths, [path.name.split("-")[0] for path in paths]


def scanned(n, n_digits, rng, **options):
    """Return pictures of scanned digits side by side, and their labels as texts."""
    paths, labels = other_writers("scans")
    chosen = [rng.choice(len(paths), n_digits) for _ in range(n)]
    pictures = [string_of([paths[k] for k in row], rng, **options) for row in chosen]
    return pictures, ["".join(str(labels[k]) for k in row) for row in chosen]


def tdts(n, rng):
    """Return pairs of touching test digits of MNIST, built by the rule of TDTS, and their texts."""
    X, y = fetch_mnist(split="test", return_X_y=True)
    rights = rng.integers(len(X), size=n)
    pictures = [tdts_pair(X[k % len(X)], X[right], rng) for k, right in enumerate(rights)]
    return pictures, [f"{y[k % len(X)]}{y[right]}" for k, right in enumerate(rights)]


def right(reader, pictures, texts):
    """Return whether each text is read without a mistake, and how sure it is."""
    readings = reader.read(pictures)
    sure = np.array([reading.confidence for reading in readings])
    found = [reading.text for reading in readings]
    return np.array(found) == np.array(texts), sure


def among_the_surest(is_right, sure):
    """Return the share of right texts after the least sure ones are rejected."""
    kept = np.argsort(-sure, kind="stable")[: len(sure) - round(LEAST_SURE * len(sure))]
    return float(is_right[kept].mean())


def pairs_read(reader, pictures, texts):
    """Return how pairs are read: right, too unsure at 0.5, merged to one digit, or misread."""
    counts = {"right": 0, "uncertain": 0, "merged": 0, "misread": 0}
    for reading, text in zip(reader.read(pictures), texts, strict=True):
        if reading.text == text:
            counts["right"] += 1
        elif reading.confidence < 0.5:
            counts["uncertain"] += 1
        else:
            counts["merged" if len(reading.text) == 1 else "misread"] += 1
    return {name: n / len(texts) for name, n in counts.items()}


def measured(seed):
    """Return a trained reader, and all its figures but the times of reading."""
    start = time.perf_counter()
    reader = DigitStringReader(random_state=seed).fit()
    minutes = (time.perf_counter() - start) / 60
    rng = np.random.default_rng(0)
    halves = [right(reader, *amounts(half)) for half in (0, 1)]
    both = [np.concatenate(parts) for parts in zip(*halves, strict=True)]
    test_digits = fetch_mnist(split="test", return_X_y=True)
    lines = make_digit_lines(SYNTHETIC, test_digits, random_state=0)
    figures = {
        "minutes": minutes,
        "synthetic": reader.score(*lines),
        "first_half": float(halves[0][0].mean()),
        "second_half": float(halves[1][0].mean()),
        "amounts": float(both[0].mean()),
        "amounts_surest": among_the_surest(*both),
        "strings": reader.score(*scanned(STRINGS, 5, rng)),
        "pairs": pairs_read(reader, *scanned(PAIRS, 2, rng, gaps=(-8, 1))),
        "tdts": reader.score(*tdts(TDTS_PAIRS, rng)),
    }
    return reader, figures


def main():
    """Measure the readers, one on each core, and print and write the results."""
    results = Parallel(n_jobs=-1)(delayed(measured)(seed) for seed in SEEDS)
    torch.set_num_threads(1)
    result = {
        "environment": environment(),
        "parameters": sum(p.numel() for p in results[0][0].module_.parameters()),
        "figures": [figures for _, figures in results],
    }
    save("lines", result)
    print(result["figures"])


if __name__ == "__main__":
    main()
