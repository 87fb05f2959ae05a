"""Claim: fifty labelled digits teach a pretrained model the hand of a writer.

``python benchmarks/writers.py`` takes the scanned digits of six writers, from the folder that
``SKLEARN_LENET_DIGITS`` names. For each writer, the model "digits" learns from five digits of each
label and reads the others. The results are written to ``results/writers.json`` and into the guide.
"""

import os
from pathlib import Path

import numpy as np
import torch
from _pictures import FOLDER_VARIABLE
from _record import ROOT, environment, put_into_page, save

from sklearn_lenet import DigitImageReader, load_pretrained

SETTINGS = {"lr": 0.001, "max_epochs": 30, "batch_size": 10}
"""The settings of the guide. Rates from 0.0003 to 0.003 and 100 epochs give about the same."""

PER_LABEL, SEEDS = 5, [0, 1, 2]
"""The labelled digits of each label, and the seeds that choose them and shuffle."""

GUIDE = ROOT / "docs" / "guide" / "pretrained.rst"


def writers():
    """Return the digits of each writer in MNIST's form, and their labels."""
    digits = {}
    for folder in sorted((Path(os.environ[FOLDER_VARIABLE]) / "scans").iterdir()):
        paths = sorted(folder.glob("*.png"))
        labels = np.array([int(path.name[0]) for path in paths])
        digits[folder.name] = DigitImageReader().transform(paths), labels
    return digits


def before_and_after(X, y, seed):
    """Return the accuracy on a writer's other digits before and after learning from some."""
    rng = np.random.default_rng(seed)
    chosen = [rng.permutation(np.flatnonzero(y == label))[:PER_LABEL] for label in range(10)]
    few = np.concatenate(chosen)
    others = np.setdiff1d(np.arange(len(y)), few)
    model = load_pretrained("digits")
    before = model.score(X[others], y[others])
    model.set_params(warm_start=True, random_state=seed, **SETTINGS).fit(X[few], y[few])
    return before, model.score(X[others], y[others])


def sentence(result):
    """Return the sentence of the guide."""
    before, after = (100 * np.mean([w[k] for w in result["writers"].values()]) for k in (0, 1))
    worst = min(result["writers"].values())
    return (
        f"Five labelled digits of each kind, fifty in all, raised the accuracy on the other fifty "
        f"digits of the same writer from {before:.1f} to {after:.1f} %, on average over six "
        f"writers. For the writer whose digits were read worst, it rose from {100 * worst[0]:.1f} "
        f"to {100 * worst[1]:.1f} %."
    )


def main():
    """Measure, write the results, and put the sentence into the guide."""
    torch.set_num_threads(1)
    means = {
        name: np.mean([before_and_after(X, y, seed) for seed in SEEDS], axis=0).tolist()
        for name, (X, y) in writers().items()
    }
    result = {"environment": environment(), "settings": SETTINGS, "writers": means}
    save("writers", result)
    put_into_page(GUIDE, "writers", [sentence(result)])
    print(sentence(result))


if __name__ == "__main__":
    main()
