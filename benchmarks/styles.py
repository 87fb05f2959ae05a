"""Claim: the styles of drawn digits can be chosen on hands that are in no test data.

``python benchmarks/styles.py`` trains a classifier and a line reader with each set of styles. They
read what readers are developed on: handwriting fonts, new synthetic lines, and the first half of
the real amounts. The strings of scans are not read, because they are test data. The fonts are those
of ``hands.py``. The results are written to ``results/styles.json``.
"""

import hands
import torch
from _record import environment, figure, save
from _styles_after_scans import AFTER_SCANS
from joblib import Parallel, delayed
from lines import READER, SYNTHETIC, amounts, fitted, right

from sklearn_lenet import fetch_mnist, load_pretrained, make_digit_lines
from sklearn_lenet.datasets._drawn_digits import STYLES
from sklearn_lenet.datasets._stroke_styles import GENERAL
from sklearn_lenet.estimators import PICTURES

SEED = 0

SETS = {
    "of the package": None,
    "without those that were drawn after fonts": GENERAL,
    "with six that were drawn after scans instead": {
        label: styles + AFTER_SCANS.get(label, []) for label, styles in GENERAL.items()
    },
}
"""The styles of each set; None stands for the models of the package, which are not trained anew."""

COLUMNS = [
    ("fonts: digits", "persons", "digits", None),
    ("distorted", "persons", "distorted", None),
    ("strings of five", "persons", "strings", "right"),
    ("pairs", "persons", "pairs", "right"),
    ("fonts after which styles were drawn: strings", "models", "strings", "right"),
    ("pairs", "models", "pairs", "right"),
]
"""Title of each column of the table, group of fonts, name of the figure, and part of it."""


def models(name):
    """Return a classifier and a reader that learned the styles of a set."""
    if SETS[name] is None:
        return load_pretrained("digits"), load_pretrained("strings")
    STYLES.update(SETS[name])  # in a process that does nothing else
    return tuple(fitted(kind, SEED)[0] for kind in (PICTURES, READER))


def measured(name):
    """Return the figures of a set."""
    torch.set_num_threads(1)
    model, reader = models(name)
    fonts = {
        group: hands.measured(model, reader, paths)
        for group, paths in hands.groups().items()
        if group != "schools"
    }
    lines = make_digit_lines(SYNTHETIC, fetch_mnist(split="test", return_X_y=True), random_state=0)
    return fonts | {
        "synthetic": reader.score(*lines),
        "first_half": float(right(reader, *amounts(0))[0].mean()),
    }


def table(result):
    """Return the lines of the table in the README."""
    titles = [*(title for title, *_ in COLUMNS), "synthetic lines", "amounts, first half"]
    lines = [f"| right, % | {' | '.join(titles)} |", "|---" * (1 + len(titles)) + "|"]
    for title, figures in result["sets"].items():
        found = [figure(figures[group], name, part) for _, group, name, part in COLUMNS]
        found += [figures["synthetic"], figures["first_half"]]
        lines.append(f"| {title} | {' | '.join(f'{100 * part:.1f}' for part in found)} |")
    return lines


def main():
    """Train and measure, one set in each process, and print and write the results."""
    figures = Parallel(n_jobs=-1)(delayed(measured)(name) for name in SETS)
    result = {"environment": environment(), "sets": dict(zip(SETS, figures, strict=True))}
    save("styles", result)
    print("\n".join(table(result)))


if __name__ == "__main__":
    main()
