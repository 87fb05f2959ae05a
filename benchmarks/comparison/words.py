"""What to pick when, in plain words: sentences whose figures come from the results."""

import numpy as np
import pandas as pd

from .models import MODELS, OURS, SKLEARN
from .tables import BRIEF as COLUMNS
from .tables import curve, disturbed, middle, overview, seconds, spread, values

BRIEF = ["lenet", "lenet-affine", "dense", "svm-deskewed", "svm", "mlp", "boosting", "forest"]
BRIEF += ["neighbours", "nystroem", "logistic", "keras-tensorflow", "skorch", "torch-loop"]
"""Those of the small table in the main README."""


BELOW = """\
All of MNIST; accuracies of nets are mean and deviation over 3 seeds or more, times medians, on
{cpu}, {cores} cores. Rivals were tuned on held-out training rows. More measures, how all of it
was measured, and what to pick when: [benchmarks/README.md](benchmarks/README.md).

![Error against the time to fit and to predict](benchmarks/plots/pareto.png)"""
ADVICE = """\
- **Images of single digits, a thousand or more**: `LeNet5Classifier()`. {lenet.accuracy} on MNIST
  after {lenet.fit}, {lenet.one_row} a row, {lenet.size} on disk.
- **The last tenths of a point**: `lenet-affine`, {affine.accuracy}. It takes {affine.fit} to fit
  and predicts as fast.
- **No torch**: `{light.name}`, the best of scikit-learn's own, {light.accuracy}; {light.fit} to
  fit, {light.one_row} a row, {light.size} on disk.
- **No image, or pixels in an unknown order**: `DenseDigitClassifier()`, {dense.accuracy} after
  {dense.fit}; it does not ask which pixels are neighbours.
- **A hundred rows**: {few}. **A thousand**: {more}.
- **One digit at a time, at once**: `{quick.name}`, {quick.one_row} a row, the quickest of those
  with 98 % or more.
- **Probabilities to rely on**: `{sure.name}` has the smallest calibration error, {sure.off}. To
  put doubtful digits aside, look at *rejected* instead.
- **Digits unlike the training rows**: {firm} under the five disturbances on average, the SVM
  {svm_firm}. Nobody who learned white on black reads black on white, ours {inverted} at best: set
  the polarity right first."""


def brief_table(full):
    """Return the small table of the main README and of the site."""
    return overview(full, [name for name in BRIEF if name in full], COLUMNS)


def below_the_brief_table(full):
    """Return what the main README says below its table."""
    where = full["lenet"][0]["environment"]
    return BELOW.format(**where).splitlines()


class Told:
    """The figures of a model as sentences have them."""

    def __init__(self, name, runs):
        self.name = name
        self.accuracy = f"{spread(values(runs, 'accuracy'), factor=100)} %"
        self.fit = f"{seconds(middle(runs, 'fit_seconds'))} s"
        self.one_row = f"{seconds(1000 * middle(runs, 'one_row_seconds'))} ms"
        self.size = f"{seconds(middle(runs, 'saved_size') / 1e6)} MB"
        self.off = f"{100 * np.mean(values(runs, 'calibration_error')):.2f} %"


def what_to_pick(full, results):
    """Return a list of advice."""
    told = {name: Told(name, runs) for name, runs in full.items()}
    mean = {name: np.mean(values(runs, "accuracy")) for name, runs in full.items()}
    compared = [name for name in full if MODELS[name].curve]
    light = [name for name in compared if MODELS[name].family == SKLEARN]
    good = [name for name in full if mean[name] >= 0.98]

    def least(measure, among):
        return min(among, key=lambda name: np.mean(values(full[name], measure)))

    few = {name: frame["mean"] for name, frame in curve(results).items()}
    spoilt = pd.concat(disturbed(full), axis=1)
    firm = spoilt.mean(axis=1)
    ours = [name for name in compared if MODELS[name].family == OURS]
    return ADVICE.format(
        lenet=told["lenet"],
        affine=told["lenet-affine"],
        dense=told["dense"],
        light=told[max(light, key=mean.get)],
        quick=told[least("one_row_seconds", good)],
        sure=told[least("calibration_error", compared)],
        few=_best(few, 100),
        more=_best(few, 1000),
        firm=f"`{firm.idxmax()}` keeps {100 * firm.max():.0f} % right",
        svm_firm=f"{100 * firm['svm']:.0f} %",
        inverted=f"{100 * spoilt.loc[ours, 'inversion'].iloc[:, -1].max():.0f} %",
    ).splitlines()


def _best(curves, rows):
    """Return who is best with so many rows, and how LeNet-5, or the SVM beside it, does."""
    best = max(curves, key=lambda name: curves[name][rows])
    other = "lenet" if best != "lenet" else "svm"
    figures = [f"{100 * curves[name][rows]:.1f} %" for name in (best, other)]
    return f"`{best}`, {figures[0]} (`{other}` {figures[1]})"
