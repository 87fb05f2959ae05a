"""Tables of what was measured: pandas frames, and the Markdown of the READMEs."""

import statistics

import numpy as np
import pandas as pd
from scipy.stats import t as student

from .disturbances import DISTURBANCES
from .models import MODELS, SKLEARN

PAPER = {
    "LeNet-5": (0.95, ["lenet-classic", "lenet"]),
    "LeNet-5, distorted digits": (0.80, ["lenet-affine"]),
    "dense net 784-300-100-10": (3.05, ["dense"]),
    "SVM": (1.1, ["svm"]),
    "nearest neighbours": (5.0, ["neighbours"]),
    "linear classifier": (12.0, ["logistic"]),
}
"""The paper's error in per cent on MNIST's test set -> the models here that are nearest to it."""
SAME_RECIPE = ["lenet-tutorial", "torch-loop", "skorch", "keras-tensorflow", "keras-jax"]


def values(runs, measure):
    """Return a measure of all runs of a model that did not fail."""
    return [run[measure] for run in runs if "error" not in run]


def middle(runs, measure):
    """Return the median of a measure."""
    return statistics.median(values(runs, measure))


def spread(numbers, digits=2, factor=1.0):
    """Return mean and deviation, or the one number.

    >>> spread([0.99, 0.992], factor=100)
    '99.10 ± 0.14'
    """
    text = f"{factor * np.mean(numbers):.{digits}f}"
    if len(numbers) > 1:
        text += f" ± {factor * np.std(numbers, ddof=1):.{digits}f}"
    return text


def seconds(value):
    """Return a time with two or three digits that count.

    >>> seconds(312.3), seconds(4.26), seconds(0.0312)
    ('312', '4.3', '0.031')
    """
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}" if value >= 1 else f"{value:.2g}"


QUALITY = {
    "accuracy, %": lambda runs: spread(values(runs, "accuracy"), factor=100),
    "precision, %": lambda runs: spread(values(runs, "precision"), factor=100),
    "recall, %": lambda runs: spread(values(runs, "recall"), factor=100),
    "F1, %": lambda runs: spread(values(runs, "f1"), factor=100),
    "log loss": lambda runs: spread(values(runs, "log_loss"), digits=3),
    "calibration error, %": lambda runs: spread(values(runs, "calibration_error"), factor=100),
    "rejected for 0.5 % error, %": lambda runs: spread(values(runs, "rejected"), factor=100),
}
COSTS = {
    "fit, s": lambda runs: seconds(middle(runs, "fit_seconds")),
    "predict all, s": lambda runs: seconds(middle(runs, "predict_seconds")),
    "one row, ms": lambda runs: seconds(1000 * middle(runs, "one_row_seconds")),
    "95th percentile, ms": lambda runs: seconds(1000 * middle(runs, "one_row_seconds_95")),
    "memory of the fit, MB": lambda runs: f"{middle(runs, 'fit_memory') / 1e6:,.0f}",
    "saved, MB": lambda runs: seconds(middle(runs, "saved_size") / 1e6),
}
BRIEF = ["accuracy, %", "fit, s", "predict all, s", "one row, ms", "saved, MB"]
OVERVIEW = ["accuracy, %", "F1, %", "log loss", *COSTS]


def overview(full, names=MODELS, columns=OVERVIEW):
    """Return a row a model; what is not installed or crashed says so in its first column."""
    every, table = QUALITY | COSTS, {}
    for name in names:
        runs, blank = full.get(name, []), dict.fromkeys(columns, "")
        errors = [run["error"] for run in runs if "error" in run]
        if MODELS[name].missing and not runs:
            packages = ", ".join(MODELS[name].missing)
            table[name] = blank | {columns[0]: f"not run: {packages} not installed"}
        elif errors:
            table[name] = blank | {columns[0]: f"failed: {errors[0]}"}
        elif runs:
            table[name] = {column: every[column](runs) for column in columns}
        else:
            table[name] = blank | {columns[0]: "not run"}
    return pd.DataFrame.from_dict(table, orient="index", columns=columns)


def as_text(table):
    """Return a table for a terminal."""
    return table.to_string(index_names=False)


def as_markdown(table, name=""):
    """Return a table's lines for a README."""
    left = ["left"] + ["right"] * table.shape[1]
    table = table.rename_axis(name)
    return table.to_markdown(colalign=left, disable_numparse=True).splitlines()


def settings(full):
    """Return what each model is, and where its settings come from."""
    rows = {
        name: {
            "of": MODELS[name].family,
            "call": f"`{full[name][0]['call']}`",
            "settings": MODELS[name].settings,
        }
        for name in full
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def answers(full):
    """Return the questions that the comparison is for, each with its figure."""
    mean = {name: np.mean(values(runs, "accuracy")) for name, runs in full.items()}
    rivals = [name for name in full if MODELS[name].family == SKLEARN and name != "mlp"]
    best = max(rivals, key=mean.get)
    lenet, svm = full["lenet"], full["svm"]
    fit = middle(lenet, "fit_seconds") / middle(svm, "fit_seconds")
    predict = middle(lenet, "predict_seconds") / middle(svm, "predict_seconds")
    rows = [
        (
            f"LeNet-5 over the best rival that is no net ({best}), points",
            f"{100 * (mean['lenet'] - mean[best]):+.2f}",
            "> 0",
            mean["lenet"] > mean[best],
        ),
        (
            "LeNet-5 over the tuned SVM, points",
            f"{100 * (mean['lenet'] - mean['svm']):+.2f}",
            ">= 0.5",
            mean["lenet"] - mean["svm"] >= 0.005,
        ),
        ("its fit time over the SVM's", f"1/{1 / fit:.1f}", "<= 1/20", fit <= 1 / 20),
        ("its predict time over the SVM's", f"1/{1 / predict:.0f}", "<= 1/100", predict <= 0.01),
        *_agreement(full),
    ]
    table = pd.DataFrame(rows, columns=["question", "measured", "to reach", "holds"])
    table["holds"] = np.where(table["holds"].astype(bool), "yes", "**missed**")
    return table.set_index("question")


def _agreement(full):
    """Yield, for each other home of the recipe, how far ours is from it and from noise."""
    ours = values(full["lenet-tutorial"], "accuracy")
    others = [name for name in SAME_RECIPE[1:] if name in full]
    for name in others:
        theirs = values(full[name], "accuracy")
        gap, within = np.mean(ours) - np.mean(theirs), noise(ours, theirs, len(others))
        yield (
            f"ours over {name}, one recipe, points",
            f"{100 * gap:+.2f}",
            f"± {100 * within:.2f}",
            abs(gap) <= within,
        )


def noise(ours, theirs, comparisons=1):
    """Return how far two means may lie apart by the seeds: Welch, 95 % for all comparisons.

    >>> round(noise([0.0, 2.0], [0.0, 2.0]), 3)  # 4.303 times the root of 2 / 2 + 2 / 2
    6.085
    """
    a, b = (np.var(part, ddof=1) / len(part) for part in (ours, theirs))
    freedom = (a + b) ** 2 / (a**2 / (len(ours) - 1) + b**2 / (len(theirs) - 1))
    return float(student.ppf(1 - 0.025 / comparisons, freedom) * np.sqrt(a + b))


def beside_the_paper(full):
    """Return the paper's errors beside those measured."""
    rows = []
    for what, (error, names) in PAPER.items():
        for name in names:
            if name in full:
                wrong = [1 - accuracy for accuracy in values(full[name], "accuracy")]
                rows.append((what, f"{error:.2f}", name, spread(wrong, factor=100)))
    columns = ["1998", "error, %", "here", "error here, %"]
    return pd.DataFrame(rows, columns=columns).set_index("1998")


def curve(results):
    """Return accuracy by rows to train on: a frame a model, of rows, mean and deviation."""
    frames = {}
    for name, spec in MODELS.items():
        runs = [run for run in results.of(name) if "error" not in run]
        if spec.curve and len({run["rows"] for run in runs}) > 1:
            by_rows = pd.DataFrame(runs).groupby("rows")["accuracy"]
            frames[name] = by_rows.agg(["mean", "std"])
    return frames


def curve_table(results):
    """Return the curves as a table in per cent."""
    means = {name: frame["mean"] for name, frame in curve(results).items()}
    table = pd.DataFrame(means).T
    table.columns = [f"{rows:,}" for rows in table.columns]
    return (100 * table).map(lambda value: "" if np.isnan(value) else f"{value:.1f}")


def disturbed(full):
    """Return accuracies under each disturbance: name -> a frame of models by strength."""
    frames = {}
    for name, (_, strengths, _) in DISTURBANCES.items():
        rows = {
            model: runs[0]["disturbed"][name]
            for model, runs in full.items()
            if "disturbed" in runs[0]
        }
        frames[name] = pd.DataFrame.from_dict(rows, orient="index", columns=strengths)
    return frames


def where(full):
    """Return the sentence on machine, versions and commits."""
    seen = [run["environment"] for runs in full.values() for run in runs]
    first = seen[0]
    versions = first["versions"]
    told = ", ".join(f"{package} {version}" for package, version in versions.items())
    commits = ", ".join(sorted({one["commit"] for one in seen}))
    return (
        f"{first['cpu']}, {first['cores']} cores, {first['torch_threads']} threads, Python "
        f"{first['python']}, {told}; commit {commits}."
    )
