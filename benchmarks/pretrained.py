"""Train the models that are part of the package, measure them, and write their files and cards.

``python benchmarks/pretrained.py`` trains each model of `RECIPES` on MNIST's training rows, in one
thread and with one seed, so that a second run on the same machine gives the same weights. Each is
measured on MNIST's test digits and on other handwriting. A model file is replaced only if no
figure of its card got worse, or if ``--accept`` names the model: a new recipe may gain much on one
kind of data and lose a little on another. ``--page`` only writes the cards as a page of the site.
"""

import argparse
import hashlib
import sys
import time
from typing import NamedTuple

import lines
import numpy as np
import reading
import torch
from _model_page import write_page
from _pictures import other_writers
from _record import environment, load
from joblib import Parallel, delayed

from sklearn_lenet import DigitStringReader, LeNet5Classifier, fetch_mnist
from sklearn_lenet.datasets import CHECKSUMS
from sklearn_lenet.estimators import PICTURES, VARIANTS
from sklearn_lenet.persistence import load_model, save_model_with_card
from sklearn_lenet.pretrained import NAMES, card_of, path_of
from sklearn_lenet.utils import check_writable

SEEDS = {"digits": 0, "mnist": 0, "strings": 0}
"""The seed of each model.

That of strings was chosen among 0, 1 and 2 on new synthetic lines and on the first half of the real
amounts, on which readers are developed, when lines were read in three views. The others were not
chosen by a figure.
"""

LICENCE = (
    "The weights are under the BSD 3-clause licence of this package. MNIST, on which they were "
    "trained, is under CC BY-SA 3.0 by the page of its curators, as Keras quotes it. Whether "
    "weights inherit the licence of their data is unsettled."
)

TEST_DIGITS = "MNIST, 10,000 test digits"
SCANS, DRAWN = "scans by other writers, 600 digits", "drawn with a mouse, 200 digits"


class Recipe(NamedTuple):
    """How a model is trained and measured, and what its card says."""

    purpose: str
    train: object
    rows: str
    measure: object
    limits: list[str]


def right_rows(model):
    """Return the share of MNIST's test digits that are read correctly."""
    return model.score(*fetch_mnist(split="test", return_X_y=True))


def classifier_figures(model):
    """Return the accuracies of a classifier of single digits."""
    return {
        TEST_DIGITS: (right_rows(model), 10_000),
        **{
            title: (reading.right(model, *other_writers(kind)), len(other_writers(kind)[0]))
            for title, kind in ((SCANS, "scans"), (DRAWN, "drawn"))
        },
    }


def reader_figures(model):
    """Return the shares of lines that a reader reads without a mistake."""
    rng = np.random.default_rng(0)
    right = np.concatenate([lines.right(model, *lines.amounts(half))[0] for half in (0, 1)])
    strings = lines.scanned(lines.STRINGS, 5, rng)
    pairs = lines.scanned(lines.PAIRS, 2, rng, gaps=(-8, 1))
    tdts = lines.tdts(lines.TDTS_PAIRS, rng)
    sizes = len(right), lines.STRINGS, lines.PAIRS, lines.TDTS_PAIRS
    shares = float(right.mean()), *(model.score(*data) for data in (strings, pairs, tdts))
    return dict(zip(SPREAD["strings"][1], zip(shares, sizes, strict=True), strict=True))


def trained_on_mnist():
    """Return the net of the variant "best"."""
    model = LeNet5Classifier(**VARIANTS["best"], random_state=SEEDS["mnist"])
    return model.fit(*fetch_mnist(split="train", return_X_y=True))


# Name -> what the spread of each figure over seeds is taken from: committed results of the same
# recipe, and the field of each figure in them.
SPREAD = {
    "digits": ("reading", {TEST_DIGITS: "mnist", SCANS: "scans", DRAWN: "drawn"}),
    "mnist": ("accuracy", {TEST_DIGITS: "accuracies"}),
    "strings": (
        "lines",
        {
            "real cheque amounts, 72 crops": "amounts",
            "strings of five scanned digits, 300": "strings",
            "pairs of scanned digits that touch, 300": "pairs",
            "touching pairs of MNIST by the rule of TDTS, 10,000": "tdts",
        },
    ),
}

RECIPES = {
    "digits": Recipe(
        "Digits from photos, scans and drawings; the class -1 is no digit.",
        lambda: reading.trained(PICTURES, SEEDS["digits"]),
        "MNIST's 60,000 training rows, digits in European hands and rows that are no digits, "
        "made from them, and digits drawn from strokes",
        classifier_figures,
        [
            "Three of ten typed capital letters are read as digits; see benchmarks/README.md.",
            "It reads handwriting: printed and seven-segment digits were not measured.",
            "It reads one digit at a time. For numbers use read_digits or the model strings.",
        ],
    ),
    "mnist": Recipe(
        "The highest accuracy of LeNet-5 on MNIST; for teaching and comparison.",
        trained_on_mnist,
        "MNIST's 60,000 training rows",
        classifier_figures,
        [
            "It gives every picture one of ten labels: letters and noise are read as digits.",
            "Digits in European hands, such as a 1 with an upstroke, are read less well.",
        ],
    ),
    "strings": Recipe(
        "Numbers on one line: amounts, codes, touching digits.",
        lambda: DigitStringReader(random_state=SEEDS["strings"], n_threads=1).fit(),
        "40,000 synthetic lines, made from MNIST's training rows and from drawn strokes",
        reader_figures,
        [
            "It knows no letters and no decimal separators: a text is digits only.",
            "A number of more than eight digits is longer than any that it was trained on.",
            "Three of a hundred touching pairs are read as one digit.",
            "Its seed was chosen from three on half of the real amounts; see the range over seeds.",
        ],
    ),
}


def trained_and_measured(name):
    """Return a model, its minutes of training, and its figures."""
    torch.set_num_threads(1)
    start = time.perf_counter()
    model = RECIPES[name].train()
    minutes = (time.perf_counter() - start) / 60
    if isinstance(model, DigitStringReader):
        model.set_params(n_threads=None)
    return model, minutes, RECIPES[name].measure(model)


def card(name, model, minutes, figures, where):
    """Return the card of a model: everything that a user should know about it."""
    recipe = RECIPES[name]
    defaults = type(model)().get_params()
    changed = {
        key: str(value) if isinstance(value, dict) else value
        for key, value in model.get_params().items()
        if value != defaults[key]
    }
    weights = model.module_.state_dict()
    return {
        "name": name,
        "estimator": type(model).__name__,
        "purpose": recipe.purpose,
        "parameters": sum(weight.numel() for weight in model.module_.parameters()),
        "recipe": changed,
        "rows": recipe.rows,
        "data": {file: sha for file, sha in CHECKSUMS.items() if file.startswith("train")},
        "seed": SEEDS[name],
        "minutes": round(minutes, 1),
        "figures": [
            {"data": data, "accuracy": share, "n": n} | spread(name, data)
            for data, (share, n) in figures.items()
        ],
        "limits": recipe.limits,
        "licence": LICENCE,
        "weights_sha256": sha256_of(weights),
        "environment": where,
    }


def spread(name, data):
    """Return the lowest and the highest figure of nets with other seeds, where measured."""
    source, fields = SPREAD[name]
    if data not in fields:
        return {}
    result = load(source)
    if source == "accuracy":
        values = result["mnist"]["LeNet-5, best"][fields[data]]
    else:
        nets = result["figures"][PICTURES] if source == "reading" else result["figures"]
        values = [net[fields[data]] for net in nets]
        values = [value["right"] if isinstance(value, dict) else value for value in values]
    return {"of_seeds": [min(values), max(values)], "n_seeds": len(values)}


def sha256_of(weights):
    """Return the SHA-256 of all weights, in the order of their names."""
    digest = hashlib.sha256()
    for name in sorted(weights):
        digest.update(name.encode() + weights[name].cpu().numpy().tobytes())
    return digest.hexdigest()


def worse(name, figures):
    """Return what got worse than on the card of the present model file."""
    if not path_of(name).exists():
        return []
    before = {figure["data"]: figure["accuracy"] for figure in card_of(name)["figures"]}
    found = {data: figures[data][0] if data in figures else 0.0 for data in before}
    return [
        f"{name}: {data}: {100 * found[data]:.2f} % instead of {100 * accuracy:.2f} %"
        for data, accuracy in before.items()
        if found[data] < accuracy
    ]


def main(names, accepted=()):
    """Train and measure, and replace each model file whose figures did not get worse."""
    where = environment()  # before a model file is replaced, which is a change of the package
    for name in names:  # an hour of training must not be lost
        check_writable(path_of(name))
    # The longest training first.
    names = sorted(names, key=lambda name: name != "strings")
    results = Parallel(n_jobs=2)(delayed(trained_and_measured)(name) for name in names)
    replace(dict(zip(names, results, strict=True)), where, accepted)


def replace(results, where, accepted=()):
    """Replace the files of the models of which no figure got worse, or that are accepted."""
    refused = []
    for name, (model, minutes, figures) in results.items():
        for data, (share, _) in figures.items():
            print(f"{name}: {data}: {100 * share:.2f} %")
        complaints = [] if name in accepted else worse(name, figures)
        refused += complaints
        if not complaints:
            save_model_with_card(model, path_of(name), card(name, model, minutes, figures, where))
            load_model(path_of(name))
    write_page()
    if refused:
        sys.exit("Not replaced, because a figure got worse:\n" + "\n".join(refused))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", default=list(NAMES), help="the models; all if none")
    parser.add_argument("--page", action="store_true", help="only write the page of the site")
    parser.add_argument(
        "--accept", nargs="+", default=[], metavar="NAME", help="replace these in any case"
    )
    arguments = parser.parse_args()
    if arguments.page:
        write_page()
    else:
        main(arguments.names, arguments.accept)
