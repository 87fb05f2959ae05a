"""Tables of the results: pandas data frames, and Markdown for the READMEs."""

import statistics

import numpy as np
import pandas as pd
from scipy.stats import t as student

from .disturbances import DISTURBANCES
from .models import MODELS, SKLEARN

LECUN_1998 = "LeCun et al. (1998)"
ERRORS_1998 = {
    "LeNet-5, distorted digits": (0.80, ["lenet-classic", "lenet", "lenet-best"]),
    "dense net 784-300-100-10": (3.05, ["dense"]),
    "SVM": (1.1, ["svm"]),
    "nearest neighbours": (5.0, ["neighbours"]),
    "linear classifier": (12.0, ["logistic"]),
}
"""Model of LeCun et al. (1998) -> its error in percent on MNIST, the most similar models here."""

SAME_RECIPE = ["lenet-tutorial", "torch-loop", "skorch", "keras-tensorflow", "keras-jax"]
"""Models that are trained with the same recipe, the one of sklearn_lenet first."""


def values(runs, measure):
    """Return the values of a measure in all runs that did not fail."""
    return [run[measure] for run in runs if "error" not in run]


def median(runs, measure):
    """Return the median of a measure over the runs."""
    return statistics.median(values(runs, measure))


def spread(numbers, digits=2, factor=1.0):
    """Return mean and standard deviation as text; for one number, the number.

    >>> spread([0.99, 0.992], factor=100)
    '99.10 ± 0.14'
    """
    text = f"{factor * np.mean(numbers):.{digits}f}"
    if len(numbers) > 1:
        text += f" ± {factor * np.std(numbers, ddof=1):.{digits}f}"
    return text


def seconds(value):
    """Return a time with two or three significant digits.

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
    "fit, s": lambda runs: seconds(median(runs, "fit_seconds")),
    "predict all, s": lambda runs: seconds(median(runs, "predict_seconds")),
    "predict one row, ms": lambda runs: seconds(1000 * median(runs, "one_row_seconds")),
    "95th percentile, ms": lambda runs: seconds(1000 * median(runs, "one_row_seconds_95")),
    "memory of fit, MB": lambda runs: f"{median(runs, 'fit_memory') / 1e6:,.0f}",
    "saved model, MB": lambda runs: seconds(median(runs, "saved_size") / 1e6),
}
BRIEF = ["accuracy, %", "fit, s", "predict all, s", "predict one row, ms", "saved model, MB"]
"""The columns of the small table."""

OVERVIEW = ["accuracy, %", "F1, %", "log loss", *COSTS]
"""The columns of the table that ``benchmarks/compare.py`` prints."""


def overview(full, names=MODELS, columns=OVERVIEW):
    """Return one row per model; the first column tells if a model failed or was not run."""
    columns_of, table = QUALITY | COSTS, {}
    for name in names:
        runs, blank = full.get(name, []), dict.fromkeys(columns, "")
        errors = [run["error"] for run in runs if "error" in run]
        if MODELS[name].missing and not runs:
            packages = ", ".join(MODELS[name].missing)
            table[name] = blank | {columns[0]: f"not run: {packages} not installed"}
        elif errors:
            table[name] = blank | {columns[0]: f"failed: {errors[0]}"}
        elif runs:
            table[name] = {column: columns_of[column](runs) for column in columns}
        else:
            table[name] = blank | {columns[0]: "not run"}
    return pd.DataFrame.from_dict(table, orient="index", columns=columns)


def as_text(table):
    """Return a table as text for a terminal."""
    return table.to_string(index_names=False)


def as_markdown(table, name=""):
    """Return the lines of a table in Markdown."""
    left = ["left"] + ["right"] * table.shape[1]
    table = table.rename_axis(name)
    return table.to_markdown(colalign=left, disable_numparse=True).splitlines()


def settings(full):
    """Return the call of each model, and the source of its settings."""
    rows = {
        name: {
            "from": MODELS[name].family,
            "call": f"`{full[name][0]['call']}`",
            "settings": MODELS[name].settings,
        }
        for name in full
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def claims(full):
    """Return the claims of the comparison, each with the measured figure and the target."""
    mean = {name: np.mean(values(runs, "accuracy")) for name, runs in full.items()}
    not_nets = [name for name in full if MODELS[name].family == SKLEARN and name != "mlp"]
    best = max(not_nets, key=mean.get)
    lenet, svm = full["lenet"], full["svm"]
    fit = median(lenet, "fit_seconds") / median(svm, "fit_seconds")
    predict = median(lenet, "predict_seconds") / median(svm, "predict_seconds")
    rows = [
        (
            f"accuracy: LeNet-5 minus the best model that is not a net ({best}), points",
            f"{100 * (mean['lenet'] - mean[best]):+.2f}",
            "> 0",
            mean["lenet"] > mean[best],
        ),
        (
            "accuracy: LeNet-5 minus the tuned SVM, points",
            f"{100 * (mean['lenet'] - mean['svm']):+.2f}",
            ">= 0.5",
            mean["lenet"] - mean["svm"] >= 0.005,
        ),
        ("fit time: LeNet-5 / SVM", f"1/{1 / fit:.1f}", "<= 1/20", fit <= 1 / 20),
        ("predict time: LeNet-5 / SVM", f"1/{1 / predict:.0f}", "<= 1/100", predict <= 0.01),
        *_agreement(full),
    ]
    table = pd.DataFrame(rows, columns=["measure", "measured", "target", "reached"])
    table["reached"] = np.where(table["reached"].astype(bool), "yes", "**missed**")
    return table.set_index("measure")


def _agreement(full):
    """Yield, for each other library, the difference in accuracy and how large noise can make it."""
    ours = values(full["lenet-tutorial"], "accuracy")
    others = [name for name in SAME_RECIPE[1:] if name in full]
    for name in others:
        theirs = values(full[name], "accuracy")
        difference, limit = np.mean(ours) - np.mean(theirs), noise(ours, theirs, len(others))
        yield (
            f"accuracy: lenet-tutorial minus {name}, points",
            f"{100 * difference:+.2f}",
            f"± {100 * limit:.2f}",
            abs(difference) <= limit,
        )


def noise(ours, theirs, comparisons=1):
    """Return the half width of Welch's 95 % interval for all comparisons together.

    >>> round(noise([0.0, 2.0], [0.0, 2.0]), 3)  # 4.303 * sqrt(2 / 2 + 2 / 2)
    6.085
    """
    a, b = (np.var(part, ddof=1) / len(part) for part in (ours, theirs))
    freedom = (a + b) ** 2 / (a**2 / (len(ours) - 1) + b**2 / (len(theirs) - 1))
    return float(student.ppf(1 - 0.025 / comparisons, freedom) * np.sqrt(a + b))


def beside_lecun_1998(full):
    """Return the errors of LeCun et al. (1998) beside the measured ones."""
    rows = []
    for model, (error, names) in ERRORS_1998.items():
        for name in names:
            if name in full:
                wrong = [1 - accuracy for accuracy in values(full[name], "accuracy")]
                rows.append((model, f"{error:.2f}", name, spread(wrong, factor=100)))
    columns = [LECUN_1998, "error, %", "model here", "error here, %"]
    return pd.DataFrame(rows, columns=columns).set_index(LECUN_1998)


def curve(results):
    """Return, for each model, mean and deviation of the accuracy by number of training rows."""
    frames = {}
    for name, spec in MODELS.items():
        runs = [run for run in results.of(name) if "error" not in run]
        if spec.curve and len({run["rows"] for run in runs}) > 1:
            by_rows = pd.DataFrame(runs).groupby("rows")["accuracy"]
            frames[name] = by_rows.agg(["mean", "std"])
    return frames


def curve_table(results):
    """Return the curves as a table in percent."""
    means = {name: frame["mean"] for name, frame in curve(results).items()}
    table = pd.DataFrame(means).T
    table.columns = [f"{rows:,}" for rows in table.columns]
    return (100 * table).map(lambda value: "" if np.isnan(value) else f"{value:.1f}")


def disturbed(full):
    """Return the accuracies under each disturbance: name -> data frame of models and strengths."""
    frames = {}
    for name, (_, strengths, _) in DISTURBANCES.items():
        rows = {
            model: runs[0]["disturbed"][name]
            for model, runs in full.items()
            if "disturbed" in runs[0]
        }
        frames[name] = pd.DataFrame.from_dict(rows, orient="index", columns=strengths)
    return frames


def environment_sentence(full):
    """Return a sentence with the machine, the versions and the commits."""
    environments = [run["environment"] for runs in full.values() for run in runs]
    first = environments[0]
    versions = first["versions"]
    packages = ", ".join(f"{package} {version}" for package, version in versions.items())
    commits = ", ".join(sorted({each["commit"] for each in environments}))
    return (
        f"{first['cpu']}, {first['cores']} cores, {first['torch_threads']} threads, Python "
        f"{first['python']}, {packages}; commit {commits}."
    )
