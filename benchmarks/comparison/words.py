"""Text of the READMEs whose figures come from the results, such as what to pick when."""

import numpy as np
import pandas as pd

from .augmented import COPIES
from .models import MODELS, OURS, SKLEARN
from .tables import BRIEF as COLUMNS
from .tables import curve, disturbed, median, overview, seconds, spread, values

BRIEF = ["lenet", "lenet-best", "dense", "svm-deskewed", "svm", "mlp", "boosting", "forest"]
BRIEF += ["neighbours", "nystroem", "logistic", "keras-tensorflow", "skorch", "torch-loop"]
"""The models in the small table of the main README."""

COPIED = 1000
"""The number of training rows for which the time of distorted copies is told."""

BELOW = """\
Measured on all of MNIST, on {cpu}, {cores} cores. Accuracies of nets are mean and standard
deviation over 3 seeds or more; times are medians. The settings of scikit-learn's models were tuned
on held-out training rows. [benchmarks/README.md](benchmarks/README.md) has more measures, explains
how everything was measured, and recommends what to pick when.

![Error against the time to fit and to predict](benchmarks/plots/pareto.png)"""

ADVICE = """\
- **Images of single digits, few or many**: `LeNet5Classifier()`. Its accuracy on all of MNIST
  is {lenet.accuracy}. It takes {lenet.fit} to fit and {lenet.one_row} per row to predict, and
  {lenet.size} on disk.
- **The highest accuracy**: `lenet-best`, {best.accuracy}. It takes {best.fit} to fit and
  predicts as fast as `lenet`.
- **Without torch**: `{light.name}`, the most accurate model of scikit-learn: {light.accuracy}. It
  takes {light.fit} to fit and {light.one_row} per row to predict, and {light.size} on disk.
- **Features that are not images, or pixels in an unknown order**:
  `DenseDigitClassifier(calibrate=False)`. On MNIST, the defaults have {dense.accuracy} after
  {dense.fit}. It does not use the positions of the pixels.
- **100 training rows**: {few}.
- **1,000 training rows**: {more}.
- **Fast prediction of one digit at a time**: `{quick.name}`, {quick.one_row} per row, the fastest
  model with an accuracy of 98 % or more.
- **Calibrated probabilities**: `{sure.name}` has the smallest calibration error, {sure.off}. To put
  uncertain digits aside, compare the column *rejected* instead.
- **Digits unlike the training rows**: `{robust}` has the highest mean accuracy under the five
  disturbances, {robust_accuracy}; the SVM has {svm_accuracy}. With a `PadNormalizer` before
  the net, {inverted} of the inverted digits are classified correctly. All other models classify at
  most {inverted_alone} of them correctly."""


def brief_table(full):
    """Return the small table of the main README and of the site."""
    return overview(full, [name for name in BRIEF if name in full], COLUMNS)


def below_the_brief_table(full):
    """Return the lines below the small table of the main README."""
    return BELOW.format(**full["lenet"][0]["environment"]).splitlines()


class Figures:
    """The figures of a model, formatted for sentences."""

    def __init__(self, name, runs):
        self.name = name
        self.accuracy = f"{spread(values(runs, 'accuracy'), factor=100)} %"
        self.fit = f"{seconds(median(runs, 'fit_seconds'))} s"
        self.one_row = f"{seconds(1000 * median(runs, 'one_row_seconds'))} ms"
        self.size = f"{seconds(median(runs, 'saved_size') / 1e6)} MB"
        self.off = f"{100 * np.mean(values(runs, 'calibration_error')):.2f} %"


def what_to_pick(full, results):
    """Return the lines of a list of recommendations."""
    figures = {name: Figures(name, runs) for name, runs in full.items()}
    mean = {name: np.mean(values(runs, "accuracy")) for name, runs in full.items()}
    compared = [name for name in full if MODELS[name].disturbed]
    sklearn = [name for name in compared if MODELS[name].family == SKLEARN]
    accurate = [name for name in full if mean[name] >= 0.98]

    def smallest(measure, names):
        return min(names, key=lambda name: np.mean(values(full[name], measure)))

    curves = {name: frame["mean"] for name, frame in curve(results).items()}
    under_disturbances = pd.concat(disturbed(full), axis=1)
    robustness = under_disturbances.mean(axis=1)
    inverted = 100 * under_disturbances["inversion"].iloc[:, -1]
    return ADVICE.format(
        lenet=figures["lenet"],
        best=figures["lenet-best"],
        dense=figures["dense"],
        light=figures[max(sklearn, key=mean.get)],
        quick=figures[smallest("one_row_seconds", accurate)],
        sure=figures[smallest("calibration_error", compared)],
        few=_best(curves, 100),
        more=_best(curves, 1000),
        robust=robustness.idxmax(),
        robust_accuracy=f"{100 * robustness.max():.0f} %",
        svm_accuracy=f"{100 * robustness['svm']:.0f} %",
        inverted=f"{inverted['lenet-pipeline']:.0f} %",
        inverted_alone=f"{inverted.drop('lenet-pipeline').max():.0f} %",
    ).splitlines()


def _best(curves, n_rows):
    """Return the best model with ``n_rows`` training rows, and the best of the other family."""

    def first(names):
        return max(names, key=lambda name: curves[name].get(n_rows, 0))

    best = first(curves)
    is_ours = MODELS[best].family == OURS
    other = first([name for name in curves if (MODELS[name].family == OURS) != is_ours])
    figures = [f"{100 * curves[name][n_rows]:.1f} %" for name in (best, other)]
    return f"`{best}`, {figures[0]} (`{other}` has {figures[1]})"


def cost_of_copies(results):
    """Return a sentence about the time that distorted copies of the training rows take."""
    times = {}
    for name in ("svm-deskewed", "svm-augmented", "forest", "forest-augmented", "lenet"):
        runs = [run for run in results.of(name) if run["n_rows"] == COPIED]
        times[name] = f"{seconds(median(runs, 'fit_seconds'))} s"
    return (
        f"`svm-augmented` and `forest-augmented` are fitted on {COPIES} distorted copies of each "
        f"row as well. A fit of {COPIED:,} rows then takes {times['svm-augmented']} instead of "
        f"{times['svm-deskewed']} (`svm-deskewed`), and {times['forest-augmented']} instead of "
        f"{times['forest']} (`forest`); `lenet` takes {times['lenet']}."
    )
