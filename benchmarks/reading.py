"""Claim: a net that was trained only on MNIST reads pictures from other sources.

``python benchmarks/reading.py`` trains nets on MNIST through the public API: as ``sklearn-lenet
train --variant pictures`` does, and without non-digits. They read scanned and drawn digits of
other people (from the folder that ``SKLEARN_LENET_DIGITS`` names), the test digits of MNIST
drawn into larger pictures, strings of five scanned digits, pairs of touching digits, letters and
scribbles. The results are written to ``results/reading.json``.
"""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from _pictures import letters, other_writers, placed, scribbles, string_of
from _record import environment, save
from joblib import Parallel, delayed

from sklearn_lenet import (
    NO_DIGIT,
    DigitImageReader,
    LeNet5Classifier,
    NoDigitFoundError,
    export_onnx,
    fetch_mnist,
    read_digits,
)
from sklearn_lenet.estimators import PICTURES, VARIANTS, training_rows

RECIPE = VARIANTS[PICTURES] | {"max_epochs": 30}
DIGITS_ONLY = "digits alone"
"""The name in the JSON file of the net that was trained without non-digits."""

SEEDS = {PICTURES: [0, 1, 2], DIGITS_ONLY: [0]}
DISPLAYED_NAMES = {DIGITS_ONLY: "digits only"}
"""Names in the JSON file that the README shows in other words."""

PLACED, STRINGS, PAIRS, LETTERS, SCRIBBLES = 1000, 300, 300, 400, 400
"""The number of pictures of each kind."""

CONFIDENCES = [0, 0.5, 0.8, 0.9]
SURE = 0.9
"""The ``min_confidence`` for which the answered scans and the right ones are counted."""


def right(model, sources, labels):
    """Return the share of pictures that are read correctly."""
    return float(np.mean(model.predict(DigitImageReader().transform(sources)) == labels))


def strings_right(model, rng):
    """Return the share of strings in which all digits are read correctly."""
    paths, labels = other_writers("scans")
    n_right = 0
    for _ in range(STRINGS):
        chosen = rng.choice(len(paths), 5)
        page = string_of([paths[k] for k in chosen], rng)
        read = [str(digit.label) for digit in read_digits(page, model)]
        n_right += read == [str(labels[k]) for k in chosen]
    return n_right / STRINGS


def pairs_read(model, rng):
    """Return how pairs of touching digits are read, as shares of all pairs."""
    paths, labels = other_writers("scans")
    pages, texts = [], []
    for _ in range(PAIRS):
        chosen = rng.choice(len(paths), 2)
        pages.append(string_of([paths[k] for k in chosen], rng, gaps=(-8, 1)))
        texts.append("".join(str(labels[k]) for k in chosen))
    return pages_read(model, pages, texts)


def pages_read(model, pages, texts, **options):
    """Return how `read_digits` reads pages of one line, as shares of all pages.

    A page is "uncertain" if it is read wrong, and a digit is flagged or "?", or none is found.
    """
    counts = {"right": 0, "uncertain": 0, "merged": 0, "misread": 0}
    for page, text in zip(pages, texts, strict=True):
        try:
            digits = read_digits(page, model, **options)
        except NoDigitFoundError:
            counts["uncertain"] += 1
            continue
        if "".join(str(digit.label) for digit in digits) == text:
            counts["right"] += 1
        elif any(digit.needs_review for digit in digits):
            counts["uncertain"] += 1
        else:
            counts["merged" if len(digits) < len(text) else "misread"] += 1
    return {name: n / len(texts) for name, n in counts.items()}


def labelled(model, sources):
    """Return the share of pictures with a digit as label, for each value of CONFIDENCES."""
    probabilities = model.predict_proba(DigitImageReader().transform(list(sources)))
    is_digit = model.classes_ >= 0
    confidence = probabilities[:, is_digit].max(axis=1) * is_digit[probabilities.argmax(axis=1)]
    return {str(least): float(np.mean(confidence > least)) for least in CONFIDENCES}


def answered(model, sources, labels):
    """Return the share of pictures that `SURE` accepts, and the share of these that are right."""
    probabilities = model.predict_proba(DigitImageReader().transform(list(sources)))
    best = probabilities.argmax(axis=1)
    sure = (probabilities.max(axis=1) > SURE) & (model.classes_[best] >= 0)
    right = model.classes_[best[sure]] == labels[sure]
    return float(np.mean(sure)), float(np.mean(right))


def one_row(model, X):
    """Return the median time for one row in seconds, in torch and in onnxruntime."""
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
    """Return a net of the variant "pictures", or one that was trained without non-digits."""
    X, y = fetch_mnist(split="train", return_X_y=True)
    model = LeNet5Classifier(**RECIPE, random_state=seed)
    X, y = training_rows(PICTURES, X, y, seed)
    if kind == PICTURES:
        return model.fit(X, y)
    is_digit = y != NO_DIGIT
    return model.set_params(class_weight=None).fit(X[is_digit], y[is_digit])


def measured(kind, seed):
    """Return a net, and all its figures except the times."""
    model = trained(kind, seed)
    X_test, y_test = fetch_mnist(split="test", return_X_y=True)
    rng = np.random.default_rng(0)
    plain = float(np.mean(model.predict(X_test[:PLACED]) == y_test[:PLACED]))
    pages = [placed(digit, rng) for digit in X_test[:PLACED]]
    images = list(X_test.reshape(-1, 28, 28))
    scans_answered, scans_answered_right = answered(model, *other_writers("scans"))
    same = model.predict(DigitImageReader().transform(images)) == model.predict(X_test)
    figures = {
        "mnist": model.score(X_test, y_test),
        "scans": right(model, *other_writers("scans")),
        "drawn": right(model, *other_writers("drawn")),
        "mnist_unchanged": float(np.mean(same)),
        "placed_plain": plain,
        "placed": right(model, pages, y_test[:PLACED]),
        "scans_answered": scans_answered,
        "scans_answered_right": scans_answered_right,
        "strings": strings_right(model, rng),
        "scans_believed": labelled(model, other_writers("scans")[0]),
        "letters_believed": labelled(model, letters(LETTERS, rng)),
        "scribbles_believed": labelled(model, scribbles(SCRIBBLES, rng)),
        "pairs": pairs_read(model, rng),
    }
    return model, figures


# Row of the table -> name of the figure, target (None: see ``LOST``).
TARGETS = {
    "600 scanned digits of six writers": ("scans", 0.96),
    f"scans with a confidence above {SURE}": ("scans_answered", 0.96),
    "of these, right": ("scans_answered_right", 0.995),
    "200 digits drawn with a mouse": ("drawn", 0.99),
    "MNIST test digits with the same label with and without the reader": ("mnist_unchanged", 0.995),
    "1,000 MNIST digits on pages of 400x300": ("placed", None),
    "300 strings of five scanned digits, all five correct": ("strings", 0.85),
}
LOST = 0.005
"""How far the accuracy on placed digits may be below that on the same rows of MNIST."""

PAIR_ROWS = {
    "right": "both digits correct",
    "uncertain": 'flagged, or "?"',
    "misread": "two or more digits, at least one wrong, not flagged",
    "merged": "read as one digit, not flagged",
}


def table(result):
    """Return the lines of the tables in the README: the mean and the range over several nets."""
    pictures, digits_only = (result["figures"][name] for name in SEEDS)
    nets = result["figures"]
    nets = {DISPLAYED_NAMES.get(name, name): runs for name, runs in nets.items()}
    counts = [f"{name}, {len(runs)} nets" if len(runs) > 1 else name for name, runs in nets.items()]
    columns = "".join(f" {name} |" for name in counts)
    lines = [f"| |{columns} target |", "|---|" + "---|" * (len(nets) + 1)]
    for title, (name, target) in TARGETS.items():
        cells = []
        for runs in nets.values():
            shares = [figures[name] for figures in runs]
            least = _mean(f["placed_plain"] for f in runs) - LOST if target is None else target
            missed = "" if _mean(shares) >= least else ", **missed**"
            cells.append(_percents(shares) + " %" + missed)
        shown = f"as below, minus {100 * LOST:g}" if target is None else f"{100 * target:.1f} %"
        lines.append(f"| {title} | {' | '.join(cells)} | {shown} |")
        if target is None:
            plain = [_percents([f["placed_plain"] for f in runs]) + " %" for runs in nets.values()]
            lines.append(f"| the same digits as images of 28x28 | {' | '.join(plain)} | |")
    title = f"{PAIRS} pairs of scanned digits that touch or overlap by up to 8 pixels"
    lines += ["", f"| {title} |{columns}", "|---|" + "---|" * len(nets)]
    for name, title in PAIR_ROWS.items():
        cells = [_percents([f["pairs"][name] for f in runs]) for runs in nets.values()]
        lines.append(f"| {title}, % | {' | '.join(cells)} |")
    lines += ["", f"| labelled as a digit with a confidence above | {_cells(CONFIDENCES, '{:g}')}"]
    lines += ["|---|" + "---|" * len(CONFIDENCES)]
    for what in ("scans", "letters", "scribbles"):
        for name, runs in nets.items():
            by_net = [[f[f"{what}_believed"][str(least)] for f in runs] for least in CONFIDENCES]
            shares = [100 * _mean(shares) for shares in by_net]
            lines.append(f"| {what}, {name}, % | {_cells(shares, '{:.1f}')}")
    seconds = result["one_row_seconds"]
    mnist = [_percents([f["mnist"] for f in runs], 2) for runs in (pictures, digits_only)]
    times = [f"{1000 * seconds[name]:.2g} ms" for name in ("torch", "onnxruntime")]
    lines += [
        "",
        f"The nets are `LeNet5Classifier({', '.join(f'{k}={v!r}' for k, v in RECIPE.items())})` on "
        "the training rows of MNIST with `add_european_hands`, `add_drawn_digits` and "
        "`add_non_digits`. The net "
        '"digits only" is trained without `add_non_digits` and without `class_weight`. Their '
        f"accuracies on MNIST's test set are {mnist[0]} and {mnist[1]} %. One row takes {times[0]} "
        f"in torch and {times[1]} in onnxruntime on an {result['times_environment']['cpu']}. "
        "Measured with `make bench-reading`; the results are in `benchmarks/results/reading.json`.",
    ]
    return lines


def _mean(values):
    return float(np.mean(list(values)))


def _percents(shares, places=1):
    """Return the mean in percent, with the range in brackets if the shares differ."""
    mean, least, most = (f"{100 * f(shares):.{places}f}" for f in (np.mean, min, max))
    return mean if least == most else f"{mean} ({least} to {most})"


def _cells(values, form):
    return "".join(f"{form.format(value)} | " for value in values).rstrip()


def main():
    """Measure the nets, one on each core, and print and write the results."""
    nets = [(kind, seed) for kind, seeds in SEEDS.items() for seed in seeds]
    results = Parallel(n_jobs=-1)(delayed(measured)(*net) for net in nets)
    figures = {kind: [] for kind in SEEDS}
    for (kind, _), (_, figures_of_net) in zip(nets, results, strict=True):
        figures[kind].append(figures_of_net)
    where = environment()
    result = {
        "environment": where,
        "recipe": RECIPE,
        "times_environment": where,  # the times may be measured again elsewhere
        "one_row_seconds": one_row(results[0][0], fetch_mnist(split="test", return_X_y=True)[0]),
        "figures": figures,
    }
    save("reading", result)
    print("\n".join(table(result)))


if __name__ == "__main__":
    main()
