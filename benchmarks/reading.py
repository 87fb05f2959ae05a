"""Claim: a net that learned MNIST alone reads pictures that were made elsewhere.

``python benchmarks/reading.py`` trains nets on MNIST through the public API, as ``sklearn-lenet
train --variant pictures`` does and with digits alone, and reads with them: scanned and drawn
digits of other people (from the folder that ``SKLEARN_LENET_DIGITS`` names), MNIST's test digits
drawn into larger pictures, strings of five scanned digits, two that touch, scribbled and lettered
pages. Written to ``results/reading.json``.
"""

import os
import time
from pathlib import Path
from string import ascii_uppercase
from tempfile import TemporaryDirectory

import numpy as np
from _record import environment, save
from joblib import Parallel, delayed
from PIL import Image, ImageDraw, ImageFont

from sklearn_lenet import (
    DigitImageReader,
    LeNet5Classifier,
    add_european_hands,
    export_onnx,
    fetch_mnist,
    read_digits,
)
from sklearn_lenet.estimators._variants import PICTURES, VARIANTS, training_rows

RECIPE = VARIANTS[PICTURES] | {"max_epochs": 30}
SEEDS = {"pictures": [0, 1, 2], "digits alone": [0]}
FOLDER = "SKLEARN_LENET_DIGITS"
PLACED, STRINGS, PAIRS, LETTERS, SCRIBBLES = 1000, 300, 300, 400, 400
CONFIDENCES = [0, 0.5, 0.8, 0.9]


def other_hands(kind):
    """Return paths and labels of digits that are not MNIST's; a name begins with its label."""
    paths = sorted((Path(os.environ[FOLDER]) / kind).rglob("*.png"))
    return paths, np.array([int(path.name[0]) for path in paths])


def placed(digit, rng):
    """Return an MNIST digit on a 400x300 RGBA page: black on white, anywhere, of any size.

    A grey gradient lies over the page; where nothing is, it is transparent.
    """
    side = int(rng.integers(56, 240))
    ink = Image.fromarray(digit.reshape(28, 28)).resize((side, side), Image.Resampling.BICUBIC)
    left, top = int(rng.integers(0, 400 - side)), int(rng.integers(0, 300 - side))
    angle = rng.uniform(0, 2 * np.pi)
    slope = (
        np.cos(angle) * np.linspace(-1, 1, 400) + np.sin(angle) * np.linspace(-1, 1, 300)[:, None]
    )
    paper = 255 - rng.uniform(20, 90) * (slope - slope.min()) / np.ptp(slope)
    share = np.zeros((300, 400))
    share[top : top + side, left : left + side] = np.asarray(ink) / 255
    grey = np.rint(paper * (1 - share)).astype(np.uint8)
    page = np.dstack([grey, grey, grey, np.full_like(grey, 255)])
    return Image.fromarray(page)


def string_of(paths, rng, gaps=(2, 13)):
    """Return scanned digits side by side, with pixels of paper between their ink; 2 to 12.

    With less than none they lie over each other.
    """
    cut = []
    for path in paths:
        image = np.asarray(Image.open(path).convert("RGB"))
        rows, columns = np.nonzero(image.min(axis=2) < 190)
        cut.append(image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1])
    gaps = rng.integers(*gaps, len(cut) - 1)
    height = max(len(image) for image in cut) + 40
    page = np.full((height, sum(i.shape[1] for i in cut) + int(gaps.sum()) + 40, 3), 255, np.uint8)
    left = 20
    for image, gap in zip(cut, [*gaps, 0], strict=True):
        top = (height - len(image)) // 2 + int(rng.integers(-4, 5))
        place = page[top : top + len(image), left : left + image.shape[1]]
        np.minimum(place, image, out=place)
        left += image.shape[1] + int(gap)
    return page


def letters(rng):
    """Return capital letters that look like no digit, of several sizes, leaning a little."""
    chosen = [letter for letter in ascii_uppercase if letter not in "BDGIOQSZL"]
    for _ in range(LETTERS):
        page = Image.new("L", (120, 120), 255)
        font = ImageFont.load_default(int(rng.integers(50, 90)))
        ImageDraw.Draw(page).text((60, 60), rng.choice(chosen), 0, font=font, anchor="mm")
        yield page.rotate(rng.uniform(-12, 12), fillcolor=255)


def scribbles(rng):
    """Return pages with a line that wanders without any plan."""
    for _ in range(SCRIBBLES):
        steps = rng.normal(size=(int(rng.integers(12, 40)), 2)).cumsum(axis=0)
        steps -= steps.min(axis=0)
        points = 15 + 90 * steps / steps.max()
        page = Image.new("L", (120, 120), 255)
        line = [tuple(point) for point in points.tolist()]
        ImageDraw.Draw(page).line(line, 0, int(rng.integers(2, 7)), joint="curve")
        yield page


def right(model, sources, labels):
    """Return the share of pictures that are read right."""
    return float(np.mean(model.predict(DigitImageReader().transform(sources)) == labels))


def strings_right(model, rng):
    """Return the share of strings that are read right from the first digit to the last."""
    paths, labels = other_hands("scans")
    good = 0
    for _ in range(STRINGS):
        chosen = rng.choice(len(paths), 5)
        page = string_of([paths[k] for k in chosen], rng)
        read = [str(digit.label) for digit in read_digits(page, model)]
        good += read == [str(labels[k]) for k in chosen]
    return good / STRINGS


def pairs_read(model, rng):
    """Return what comes of two digits pushed into each other, as shares of all pairs."""
    paths, labels = other_hands("scans")
    found = {"right": 0, "uncertain": 0, "merged": 0, "misread": 0}
    for _ in range(PAIRS):
        chosen = rng.choice(len(paths), 2)
        page = string_of([paths[k] for k in chosen], rng, gaps=(-8, 1))
        digits = read_digits(page, model)
        if [str(digit.label) for digit in digits] == [str(labels[k]) for k in chosen]:
            found["right"] += 1
        elif any(digit.touching for digit in digits):
            found["uncertain"] += 1
        else:
            found["merged" if len(digits) == 1 else "misread"] += 1
    return {name: n / PAIRS for name, n in found.items()}


def believed(model, sources):
    """Return, by confidence, the share of pictures in which the model sees a digit."""
    probabilities = model.predict_proba(DigitImageReader().transform(list(sources)))
    is_digit = model.classes_ >= 0
    sure = probabilities[:, is_digit].max(axis=1) * is_digit[probabilities.argmax(axis=1)]
    return {str(level): float(np.mean(sure > level)) for level in CONFIDENCES}


def one_row(model, X):
    """Return the median seconds for one row, in torch and in onnxruntime."""
    import onnxruntime

    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        export_onnx(model, path)
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    rows = [(row[None], row[None].astype(np.float32)) for row in X[:300]]
    seconds = {"torch": [], "onnxruntime": []}
    for row, floats in rows:
        start = time.perf_counter()
        model.predict(row)
        middle = time.perf_counter()
        session.run(["label"], {"pixels": floats})
        seconds["torch"].append(middle - start)
        seconds["onnxruntime"].append(time.perf_counter() - middle)
    return {name: float(np.median(values)) for name, values in seconds.items()}


def trained(kind, seed):
    """Return a net; but for "digits alone" it knows what is no digit as well."""
    X, y = fetch_mnist(split="train", return_X_y=True)
    model = LeNet5Classifier(**RECIPE, random_state=seed)
    if kind == PICTURES:
        return model.fit(*training_rows(PICTURES, X, y, seed))
    return model.set_params(class_weight=None).fit(*add_european_hands(X, y, random_state=seed))


def measured(kind, seed):
    """Return a net, and every figure of it but its times."""
    model = trained(kind, seed)
    X_test, y_test = fetch_mnist(split="test", return_X_y=True)
    rng = np.random.default_rng(0)
    plain = float(np.mean(model.predict(X_test[:PLACED]) == y_test[:PLACED]))
    pages = [placed(digit, rng) for digit in X_test[:PLACED]]
    as_they_are = list(X_test.reshape(-1, 28, 28))
    same = model.predict(DigitImageReader().transform(as_they_are)) == model.predict(X_test)
    figures = {
        "mnist": model.score(X_test, y_test),
        "scans": right(model, *other_hands("scans")),
        "drawn": right(model, *other_hands("drawn")),
        "mnist_unchanged": float(np.mean(same)),
        "placed_plain": plain,
        "placed": right(model, pages, y_test[:PLACED]),
        "strings": strings_right(model, rng),
        "scans_believed": believed(model, other_hands("scans")[0]),
        "letters_believed": believed(model, letters(rng)),
        "scribbles_believed": believed(model, scribbles(rng)),
        "pairs": pairs_read(model, rng),
    }
    return model, figures


# What -> the figure's name, and the least that it should reach; placed digits may lose ``LOST``.
REACH = {
    "600 scanned digits of six writers": ("scans", 0.96),
    "200 digits drawn with a mouse": ("drawn", 0.99),
    "MNIST's test set with the same label after the reader": ("mnist_unchanged", 0.995),
    "1,000 MNIST digits on pages of 400x300": ("placed", None),
    "300 strings of five scanned digits, all five right": ("strings", 0.85),
}
LOST = 0.005
"""Of the placed digits at most so much fewer are right than of the same rows of MNIST."""
PAIRED = {
    "right": "read right",
    "uncertain": 'marked as touching, or "?"',
    "misread": "two or more digits, one wrong",
    "merged": "one digit, unmarked",
}


def table(result):
    """Return the README's table, a line each; of several nets the mean, and the range."""
    nets = result["figures"]
    counts = [f"{name}, {len(runs)} nets" if len(runs) > 1 else name for name, runs in nets.items()]
    columns = "".join(f" {name} |" for name in counts)
    lines = [f"| |{columns} to reach |", "|---|" + "---|" * (len(nets) + 1)]
    for what, (name, least) in REACH.items():
        cells = []
        for runs in nets.values():
            shares = [figures[name] for figures in runs]
            asked = _mean(f["placed_plain"] for f in runs) - LOST if least is None else least
            missed = "" if _mean(shares) >= asked else ", **missed**"
            cells.append(_percents(shares) + " %" + missed)
        asked = f"as plain, less {100 * LOST:g}" if least is None else f"{100 * least:.1f} %"
        lines.append(f"| {what} | {' | '.join(cells)} | {asked} |")
        if least is None:
            plain = [_percents([f["placed_plain"] for f in runs]) + " %" for runs in nets.values()]
            lines.append(f"| the same digits, plain | {' | '.join(plain)} | |")
    lines += ["", f"| {PAIRS} pairs of scans pushed up to 8 pixels into each other |{columns}"]
    lines += ["|---|" + "---|" * len(nets)]
    for name, what in PAIRED.items():
        cells = [_percents([f["pairs"][name] for f in runs]) for runs in nets.values()]
        lines.append(f"| {what}, % | {' | '.join(cells)} |")
    lines += ["", f"| a digit, with a confidence of more than | {_cells(CONFIDENCES, '{:g}')}"]
    lines += ["|---|" + "---|" * len(CONFIDENCES)]
    for what in ("scans", "letters", "scribbles"):
        for name, runs in nets.items():
            levels = [[f[f"{what}_believed"][str(level)] for f in runs] for level in CONFIDENCES]
            shares = [100 * _mean(shares) for shares in levels]
            lines.append(f"| {what}, {name}, % | {_cells(shares, '{:.1f}')}")
    seconds = result["one_row_seconds"]
    lines += [
        "",
        f"The nets are `LeNet5Classifier({', '.join(f'{k}={v!r}' for k, v in RECIPE.items())})` on "
        "MNIST's training rows with `add_european_hands` and `add_non_digits`, and with no "
        f"`class_weight` on digits alone: {_percents([f['mnist'] for f in nets['pictures']], 2)} "
        f"and {_percents([f['mnist'] for f in nets['digits alone']], 2)} % on MNIST's test set. "
        f"One row takes {1000 * seconds['torch']:.2g} ms in torch and "
        f"{1000 * seconds['onnxruntime']:.2g} ms in onnxruntime. Made by `make bench-reading` into "
        "`benchmarks/results/reading.json`.",
    ]
    return lines


def _mean(values):
    return float(np.mean(list(values)))


def _percents(shares, places=1):
    """Return shares in percent: their mean, and from where to where where they differ."""
    mean, least, most = (f"{100 * f(shares):.{places}f}" for f in (np.mean, min, max))
    return mean if least == most else f"{mean} ({least} to {most})"


def _cells(values, form):
    return "".join(f"{form.format(value)} | " for value in values).rstrip()


def main():
    """Measure, a net on each core, print and write."""
    nets = [(kind, seed) for kind, seeds in SEEDS.items() for seed in seeds]
    done = Parallel(n_jobs=-1)(delayed(measured)(*net) for net in nets)
    figures = {kind: [] for kind in SEEDS}
    for (kind, _), (_, found) in zip(nets, done, strict=True):
        figures[kind].append(found)
    result = {
        "environment": environment(),
        "recipe": RECIPE,
        "one_row_seconds": one_row(done[0][0], fetch_mnist(split="test", return_X_y=True)[0]),
        "figures": figures,
    }
    save("reading", result)
    print("\n".join(table(result)))


if __name__ == "__main__":
    main()
