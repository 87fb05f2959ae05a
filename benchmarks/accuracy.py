"""Claim: the nets beat an SVM without tuning, and reach 99.65 % with a longer recipe.

``python benchmarks/accuracy.py`` measures the accuracies and writes ``results/accuracy.json``.
It takes MNIST from ``SKLEARN_LENET_DATA`` or from the cache. ``--report`` only writes the tables
of the README from the JSON file. ``--held-out`` scores the recipes on 10,000 held-out training
rows, on which they were chosen. The test set of MNIST is read once per seed.
"""

import argparse
import time

import numpy as np
from _record import RESULTS, ROOT, environment, load, put_between_marks, save
from comparison.measures import calibration_error, log_loss, rejected
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import cross_val_score, train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from sklearn_lenet import DenseDigitClassifier, LeNet5Classifier, fetch_mnist
from sklearn_lenet.estimators import VARIANTS

SEEDS = [0, 1, 2, 3, 4]
LENET, DENSE = LeNet5Classifier, DenseDigitClassifier
CLASSIC = {"activation": "tanh", "pooling": "avg"}
BEST = VARIANTS["best"]
SHORTEST = {"max_epochs": 1, "batch_size": 64, "lr": 0.01, "label_smoothing": 0.15}
SHORTEST |= {"augment": None}
LARGE_BATCHES = {"max_epochs": 5, "batch_size": 256, "lr": 0.01, "augment": None}
LARGE = {"hidden_layer_sizes": (1024, 512), "batch_size": 128, "lr": 0.002}
LARGE |= {"augment": "elastic", "max_epochs": 25, "label_smoothing": 0.1}

# Name -> class, parameters, number of training rows, target accuracy on the test set of MNIST.
MNIST = {
    "LeNet-5": (LENET, {}, 60_000, 0.9942),
    "LeNet-5, one pass": (LENET, SHORTEST, 60_000, 0.988),
    "LeNet-5, tanh and average": (LENET, CLASSIC, 60_000, 0.986),
    "LeNet-5, no border, average": (LENET, {"input_size": None, "pooling": "avg"}, 60_000, None),
    "LeNet-5, 100 rows": (LENET, {}, 100, 0.94),
    "LeNet-5, 300 rows": (LENET, {}, 300, 0.973),
    "LeNet-5, 1,000 rows": (LENET, {}, 1_000, 0.984),
    "LeNet-5, 3,000 rows": (LENET, {}, 3_000, 0.989),
    "LeNet-5, 10,000 rows": (LENET, {}, 10_000, 0.992),
    "LeNet-5, best": (LENET, BEST, 60_000, 0.9965),
    "dense": (DENSE, {}, 60_000, 0.982),
    "dense, large, elastic": (DENSE, LARGE, 60_000, 0.992),
}
PROBABILITIES = {
    "log_loss": "log loss",
    "calibration_error": "calibration error",
    "sure": "above 0.9",
    "sure_right": "of these, right",
    "rejected": "rejected for 0.5 % error",
}
"""Measures of the probabilities, and their names in the table."""

PROBABILITY_TARGETS = {
    "LeNet-5": {
        "log_loss": 0.020,
        "calibration_error": 0.0025,
        "sure": 0.985,
        "sure_right": 0.998,
        "rejected": 0.0005,
    },
    "LeNet-5, best": {"log_loss": 0.014, "calibration_error": 0.0025},
}

DISPLAYED_NAMES = {"LeNet-5, one pass": "LeNet-5, one epoch"}
"""Names in the JSON file that the README shows in other words."""

# Name -> function from a seed to an estimator, target accuracy on scikit-learn's digits.
DIGITS = {
    "LeNet5Classifier()": (lambda seed: LENET(random_state=seed), 0.987),
    "DenseDigitClassifier()": (lambda seed: DENSE(random_state=seed), None),
    "SVC()": (lambda seed: SVC(random_state=seed), None),
    "RandomForestClassifier()": (lambda seed: RandomForestClassifier(random_state=seed), None),
    "MLPClassifier(), scaled": (
        lambda seed: make_pipeline(
            StandardScaler(), MLPClassifier(max_iter=500, random_state=seed)
        ),
        None,
    ),
}


def call(cls, parameters):
    """Return the call that a user would type.

    >>> call(LENET, {"max_epochs": 2})
    'LeNet5Classifier(max_epochs=2)'
    """
    return f"{cls.__name__}({', '.join(f'{k}={v!r}' for k, v in parameters.items())})"


def split(held_out):
    """Return training rows and test rows of MNIST."""
    X, y = fetch_mnist(split="train", return_X_y=True)
    if held_out:
        X, X_test, y, y_test = train_test_split(X, y, test_size=10_000, stratify=y, random_state=0)
        return X, y, X_test, y_test
    return X, y, *fetch_mnist(split="test", return_X_y=True)


def measure_mnist(names, held_out):
    """Yield the name of each row of the table, with its result."""
    X, y, X_test, y_test = split(held_out)
    for name in names:
        cls, parameters, n_rows, target = MNIST[name]
        accuracies, seconds, probabilities = [], [], []
        for seed in SEEDS:
            part = np.random.default_rng(seed).permutation(len(X))[:n_rows]
            start = time.perf_counter()
            model = cls(**parameters, random_state=seed).fit(X[part], y[part])
            seconds.append(time.perf_counter() - start)
            accuracies.append(model.score(X_test, y_test))
            probabilities.append(probability_measures(model.predict_proba(X_test), y_test))
            print(f"{name}, seed {seed}: {accuracies[-1]:.4f}, {seconds[-1]:.1f} s", flush=True)
        result = {"call": call(cls, parameters), "rows": n_rows, "epochs": model.n_iter_}
        result |= {"parameters": sum(p.numel() for p in model.module_.parameters())}
        result |= {key: [one[key] for one in probabilities] for key in PROBABILITIES}
        yield name, result | scored(accuracies, target) | {"seconds": seconds}


def probability_measures(probabilities, y):
    """Return the measures in PROBABILITIES by name.

    >>> found = probability_measures(np.array([[0.95, 0.05], [0.6, 0.4]]), np.array([0, 1]))
    >>> found["sure"], found["sure_right"], round(found["log_loss"], 3)
    (0.5, 1.0, 0.484)
    """
    sure = probabilities.max(axis=1) > 0.9
    right = probabilities.argmax(axis=1) == y
    return {
        "log_loss": log_loss(probabilities, y),
        "calibration_error": calibration_error(probabilities, y),
        "sure": float(np.mean(sure)),
        "sure_right": float(np.mean(right[sure])),
        "rejected": rejected(probabilities, y),
    }


def measure_digits():
    """Return the accuracies of 5-fold cross-validation on scikit-learn's digits, by name."""
    X, y = load_digits(return_X_y=True)
    results = {}
    for name, (make, target) in DIGITS.items():
        accuracies, seconds = [], []
        for seed in SEEDS:
            start = time.perf_counter()
            accuracies.append(cross_val_score(make(seed), X, y, cv=5).mean())
            seconds.append(time.perf_counter() - start)
            print(f"digits, {name}: {accuracies[-1]:.4f}, {seconds[-1]:.1f} s", flush=True)
        results[name] = scored(accuracies, target) | {"seconds": seconds}
    return results


def scored(accuracies, target):
    """Return the accuracies with their target, and whether their mean reaches it."""
    holds = None if target is None else bool(np.mean(accuracies) >= target)
    return {"accuracies": accuracies, "reach": target, "holds": holds}


def spread(accuracies):
    """Return mean and standard deviation in percent."""
    return f"{100 * np.mean(accuracies):.2f} ± {100 * np.std(accuracies, ddof=1):.2f} %"


def target_of(row):
    """Return the target of a row, and "missed" if the row does not reach it."""
    if row["reach"] is None:
        return ""
    return f"{100 * row['reach']:.2f} %" + ("" if row["holds"] else ", **missed**")


def shown(key, value):
    """Return a measure of probabilities as text."""
    return f"{value:.4f}" if key == "log_loss" else f"{100 * value:.2f} %"


def tables(result):
    """Return the lines of the tables in the README."""
    lines = ["| MNIST, test set | call | accuracy | target |", "|---|---|---|---|"]
    for name, row in result["mnist"].items():
        name, call = DISPLAYED_NAMES.get(name, name), row["call"]
        lines.append(f"| {name} | `{call}` | {spread(row['accuracies'])} | {target_of(row)} |")
    titles = PROBABILITIES.values()
    lines += ["", f"| probabilities | {' | '.join(titles)} |", "|---|" + "---|" * len(titles)]
    for name, row in result["mnist"].items():
        cells = [shown(key, np.mean(row[key])) for key in PROBABILITIES if key in row]
        if cells:
            lines.append(f"| {DISPLAYED_NAMES.get(name, name)} | {' | '.join(cells)} |")
    for name, targets in PROBABILITY_TARGETS.items():
        cells = [shown(key, targets[key]) if key in targets else "" for key in PROBABILITIES]
        lines.append(f"| *target for {name}* | {' | '.join(cells)} |")
    lines += [
        "",
        "| bundled digits, 5-fold cross-validation | accuracy | target |",
        "|---|---|---|",
    ]
    for name, row in result["digits"].items():
        lines.append(f"| `{name}` | {spread(row['accuracies'])} | {target_of(row)} |")
    where = result["environment"]
    lines += [
        "",
        f"Mean and standard deviation over {len(result['seeds'])} seeds. The other models have the "
        "default parameters of scikit-learn. "
        f"{where['cpu']}, {where['cores']} cores, torch {where['versions']['torch']}, scikit-learn "
        f"{where['versions']['scikit-learn']}. Measured with "
        "`make bench-accuracy`; the results are in `benchmarks/results/accuracy.json`.",
    ]
    return lines


def keep(part, rows):
    """Add measured rows to the JSON file, in the order of the table."""
    result = {"environment": environment(), "seeds": SEEDS, "mnist": {}, "digits": {}}
    if (RESULTS / "accuracy.json").exists():
        result |= {measured: load("accuracy")[measured] for measured in ("mnist", "digits")}
    result[part] |= rows
    result["mnist"] = {name: result["mnist"][name] for name in MNIST if name in result["mnist"]}
    save("accuracy", result)


def main():
    """Measure the accuracies, or write the README from the JSON file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--report", action="store_true", help="only write the tables of the README")
    parser.add_argument(
        "--held-out", action="store_true", help="score the recipes on held-out training rows"
    )
    names = ["digits", *MNIST]
    parser.add_argument("--only", nargs="+", choices=names, help="measure only these rows")
    chosen = parser.parse_args()
    only = chosen.only or names
    on_mnist = [name for name in only if name != "digits"]
    if chosen.held_out:
        for name, row in measure_mnist(on_mnist, held_out=True):
            print(name, spread(row["accuracies"]), flush=True)
        return
    if not chosen.report:
        if not chosen.only:
            (RESULTS / "accuracy.json").unlink(missing_ok=True)
        for name, row in measure_mnist(on_mnist, held_out=False):
            keep("mnist", {name: row | {"commit": environment()["commit"]}})
        if "digits" in only:
            keep("digits", measure_digits())
    readme = ROOT / "README.md"
    lines = tables(load("accuracy"))
    readme.write_text(put_between_marks(readme.read_text(), "accuracy", lines))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
