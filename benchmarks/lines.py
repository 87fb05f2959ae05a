"""Claim: a reader that was trained on synthetic lines alone reads real amounts.

``python benchmarks/lines.py`` trains readers on lines that are made from MNIST's training digits.
They read real cheque amounts (from the folder that ``SKLEARN_LENET_STRINGS`` names), strings of
scanned digits, pairs of touching digits, and pairs built by the rule of TDTS. `read_digits` reads
the strings and pairs with and without them; the classifier has the seed of the reader. Readers were
developed on synthetic lines and on the first half of the amounts, every second file. The results
are written to ``results/lines.json``.
"""

import os
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from _contenders import peak_of
from _pictures import other_writers, placed, string_of, tdts_pair
from _record import environment, figure, save
from joblib import Parallel, delayed
from PIL import Image
from reading import pages_read, trained

from sklearn_lenet import (
    DigitStringReader,
    fetch_mnist,
    make_digit_lines,
    read_digits,
)
from sklearn_lenet.estimators import PICTURES

FOLDER_VARIABLE = "SKLEARN_LENET_STRINGS"
"""The environment variable that names the folder with real amounts."""

SEEDS = [0, 1, 2]
STRINGS, PAIRS, TDTS_PAIRS, SYNTHETIC = 300, 300, 10_000, 1000
"""The number of pictures of each kind."""

LEAST_SURE = 0.2
"""The share of the amounts that is rejected, those with the lowest confidence."""

LINE = 10
"""The number of digits of the line that is timed."""

LINE_PICTURES, PLACED = 40, 1000
"""The number of these lines, and of pages with one digit."""

READER = "reader"
"""What is trained: a line reader, or a classifier of this name in ``reading.py``."""

# Row of the table -> name of the figure, part of it, and target in percent.
TARGETS = {
    "72 real amounts, right": ("amounts", None, 85),
    "the half that nothing was chosen on": ("second_half", None, None),
    "the other half": ("first_half", None, None),
    "72 amounts without the least sure fifth": ("amounts_surest", None, 95),
    f"{STRINGS} strings of five scans": ("strings", None, None),
    "the same, `read_digits` with the reader": ("strings_by_line", "right", 93),
    "the same, `read_digits` without it": ("strings_cut", "right", None),
    f"{PAIRS} pairs of scans that touch or overlap by up to 8 pixels": ("pairs", "right", 88),
    "read as one digit with a confidence above 0.5": ("pairs", "merged", 0.3),
    "both right, `read_digits` with the reader": ("pairs_by_line", "right", 88),
    "read as one digit, not flagged": ("pairs_by_line", "merged", 0.3),
    "both right, `read_digits` without it": ("pairs_cut", "right", None),
    "read as one digit, not flagged, without it": ("pairs_cut", "merged", None),
    f"{TDTS_PAIRS:,} pairs by the rule of TDTS": ("tdts", None, 95),
    f"{PLACED:,} MNIST digits on pages, `read_digits` with the reader": (
        "placed_by_line",
        None,
        None,
    ),
    "these pages, `read_digits` without it": ("placed_cut", None, None),
    f"{SYNTHETIC:,} new synthetic lines": ("synthetic", None, None),
}


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


def fitted(kind, seed):
    """Return a trained model, a line reader or a classifier, and the minutes that it took."""
    start = time.perf_counter()
    if kind == READER:
        model = DigitStringReader(random_state=seed, n_threads=1).fit()
    else:
        model = trained(kind, seed)
    return model, (time.perf_counter() - start) / 60


def measured(reader, model):
    """Return all figures of a reader, and of a classifier with and without it."""
    rng = np.random.default_rng(0)
    halves = [right(reader, *amounts(half)) for half in (0, 1)]
    both = [np.concatenate(parts) for parts in zip(*halves, strict=True)]
    test_digits = fetch_mnist(split="test", return_X_y=True)
    lines = make_digit_lines(SYNTHETIC, test_digits, random_state=0)
    strings, pairs = scanned(STRINGS, 5, rng), scanned(PAIRS, 2, rng, gaps=(-8, 1))
    return {
        "synthetic": reader.score(*lines),
        "first_half": float(halves[0][0].mean()),
        "second_half": float(halves[1][0].mean()),
        "amounts": float(both[0].mean()),
        "amounts_surest": among_the_surest(*both),
        "strings": reader.score(*strings),
        "pairs": pairs_read(reader, *pairs),
        "tdts": reader.score(*tdts(TDTS_PAIRS, rng)),
        "strings_cut": pages_read(model, *strings),
        "strings_by_line": pages_read(model, *strings, reader=reader),
        "pairs_cut": pages_read(model, *pairs),
        "pairs_by_line": pages_read(model, *pairs, reader=reader),
        "placed_by_line": placed_read(model, reader),
        "placed_cut": placed_read(model),
    }


def placed_read(model, reader=None):
    """Return the share of test digits on large pages that `read_digits` reads."""
    X, y = fetch_mnist(split="test", return_X_y=True)
    rng = np.random.default_rng(0)
    pages = [placed(digit, rng) for digit in X[:PLACED]]
    texts = [str(label) for label in y[:PLACED]]
    return pages_read(model, pages, texts, reader=reader)["right"]


def times(reader, model):
    """Return the median seconds for a line of digits: the reader, cutting it, and both together."""
    pictures, _ = scanned(LINE_PICTURES, LINE, np.random.default_rng(0))
    ways = {
        "reader": lambda page: reader.read([page]),
        "cut": lambda page: read_digits(page, model),
        "by_line": lambda page: read_digits(page, model, reader=reader),
    }
    seconds = {name: [] for name in ways}
    for page in pictures:
        for name, way in ways.items():
            start = time.perf_counter()
            way(page)
            seconds[name].append(time.perf_counter() - start)
    return {name: float(np.median(values)) for name, values in seconds.items()}


def page_seconds(reader, model):
    """Return how many of 400 digits on a page are found, and the median seconds of three reads."""
    X, _ = fetch_mnist(split="test", return_X_y=True)
    cells = np.pad(X[:400].reshape(20, 20, 28, 28), ((0, 0), (0, 0), (6, 6), (2, 2)))
    page = 255 - cells.transpose(0, 2, 1, 3).reshape(20 * 40, 20 * 32)
    page = np.pad(page, 40, constant_values=255)
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        n_digits = len(read_digits(page, model, reader=reader))
        seconds.append(time.perf_counter() - start)
    return n_digits, float(np.median(seconds))


def large_picture_megabytes(reader):
    """Return the memory that reading a picture of 4000x3000 pixels takes, in a new process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        return executor.submit(_megabytes, reader).result()


def _megabytes(reader):
    (line,), _ = make_digit_lines(1, random_state=0)
    reader.read([line])  # loads all modules
    picture = np.asarray(Image.fromarray(line).resize((4000, 3000)))
    return peak_of(lambda: reader.read([picture]))() / 1e6


def table(result):
    """Return the lines of the table in the README."""
    figures = result["figures"]
    lines = [f"| | mean of {len(figures)} nets, % | target, % |", "|---|---|---|"]
    for title, (name, part, target) in TARGETS.items():
        values = [100 * figure(f, name, part) for f in figures]
        lines.append(f"| {title} | {_cell(values, target)} | {'' if target is None else target} |")
    seconds = result["line_seconds"]
    ratio = seconds["reader"] / seconds["cut"]
    minutes = [f"{one:.0f}" for one in result["minutes"]]
    lines += [
        "",
        f"One thread of an {result['times_environment']['cpu']} reads a line of {LINE} digits in "
        f"{1000 * seconds['reader']:.0f} ms, {ratio:.2f} times as long as `read_digits` takes to "
        "cut it and to read each digit; `read_digits` with a reader takes "
        f"{1000 * seconds['by_line']:.0f} ms, and {result['page']['seconds']:.1f} s for a page of "
        f"400 digits. A picture of 4000x3000 pixels takes {result['large_picture_megabytes']:.0f} "
        f"MB. The training took {', '.join(minutes)} minutes, each on one core of two of an "
        f"{result['minutes_environment']['cpu']}. The net has "
        f"{result['parameters']:,} parameters. The published rates of TDTS-TS are 93.13 % "
        "(A*) and 95.90 % (U-Net). Measured with `make bench-reading`; the results are "
        "in `benchmarks/results/lines.json`.",
    ]
    return lines


def _cell(values, target):
    """Return mean and range; a target below 1 % is the most, another one the least."""
    mean, is_most = float(np.mean(values)), target is not None and target < 1
    missed = target is not None and (mean > target if is_most else mean < target)
    digits = 2 if is_most else 1
    shown = f"{mean:.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"
    return shown + (", **missed**" * missed)


def main():
    """Train and measure, one net on each core, and print and write the results."""
    jobs = [(kind, seed) for kind in (READER, PICTURES) for seed in SEEDS]
    fits = Parallel(n_jobs=-1)(delayed(fitted)(*job) for job in jobs)
    readers, models = fits[: len(SEEDS)], [model for model, _ in fits[len(SEEDS) :]]
    figures = Parallel(n_jobs=-1)(
        delayed(measured)(reader, model) for (reader, _), model in zip(readers, models, strict=True)
    )
    record(readers, models[0], figures)


def record(readers, model, figures):
    """Measure times and memory; print and write the results of readers with their minutes."""
    torch.set_num_threads(1)
    n_digits, seconds = page_seconds(readers[0][0], model)
    where = environment()
    result = {
        "environment": where,
        "parameters": sum(p.numel() for p in readers[0][0].module_.parameters()),
        "times_environment": where,  # the times may be measured again elsewhere
        "line_seconds": times(readers[0][0], model),
        "page": {"digits": n_digits, "seconds": seconds},
        "large_picture_megabytes": large_picture_megabytes(readers[0][0]),
        "minutes_environment": where,  # the trainings may be from elsewhere, too
        "minutes": [minutes for _, minutes in readers],
        "figures": figures,
    }
    save("lines", result)
    print("\n".join(table(result)))


if __name__ == "__main__":
    main()
