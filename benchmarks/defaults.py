"""Claim: with no parameter set, the nets read digits at least as well as an SVM.

``python benchmarks/defaults.py`` measures and writes ``results/defaults.json`` (MNIST through
``SKLEARN_LENET_DATA`` or the cache), ``--report`` writes the README's table from it.
MNIST's test set is read once a seed, by models whose defaults were chosen on held-out
training rows.
"""

import argparse
import statistics
import time

import numpy as np
from _record import ROOT, environment, load, put_between_marks, save
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from sklearn_lenet import DenseDigitClassifier, LeNet5Classifier, PadNormalizer, fetch_mnist

SEEDS = [0, 1, 2]
ROUNDS = 3
NETS = {
    "LeNet5Classifier()": {},
    'LeNet5Classifier(activation="tanh", pooling="avg")': {"activation": "tanh", "pooling": "avg"},
    'LeNet5Classifier(input_size=None, pooling="avg")': {"input_size": None, "pooling": "avg"},
}


def nets(seed):
    """Return each of our models by the call that makes it, but for the seed."""
    models = {call: LeNet5Classifier(**kw, random_state=seed) for call, kw in NETS.items()}
    return models | {"DenseDigitClassifier()": DenseDigitClassifier(random_state=seed)}


def rivals(seed):
    """Return scikit-learn's classifiers with their own defaults; the dense net scaled."""
    return {
        "SVC()": SVC(),
        "RandomForestClassifier()": RandomForestClassifier(random_state=seed),
        "MLPClassifier(), scaled": make_pipeline(
            StandardScaler(), MLPClassifier(random_state=seed)
        ),
    }


def note(results, data, seed, name, accuracy, seconds):
    """Add one run to its model's row and print it."""
    row = results.setdefault(name, {"accuracies": [], "seconds": []})
    row["accuracies"].append(float(accuracy))
    row["seconds"].append(seconds)
    print(f"{data}, seed {seed}: {name:55} {accuracy:.4f} in {seconds:.1f} s", flush=True)


def measure_digits():
    """Plain 5-fold accuracy on the bundled digits, each model over the seeds."""
    X, y = load_digits(return_X_y=True)
    results = {}
    for seed in SEEDS:
        for name, model in (nets(seed) | rivals(seed)).items():
            start = time.perf_counter()
            accuracy = cross_val_score(model, X, y, cv=5, error_score="raise").mean()
            seconds = time.perf_counter() - start
            note(results, "digits", seed, name, accuracy, seconds)
    return results


def measure_mnist():
    """Test accuracy after a fit on all 60,000 training rows, each net over the seeds."""
    X, y = fetch_mnist(split="train", return_X_y=True, download_if_missing=False)
    X_test, y_test = fetch_mnist(split="test", return_X_y=True, download_if_missing=False)
    results = {}
    for seed in SEEDS:
        for name, model in nets(seed).items():
            start = time.perf_counter()
            model.fit(X, y)
            seconds = time.perf_counter() - start
            accuracy = model.score(X_test, y_test)
            note(results, "MNIST", seed, name, accuracy, seconds)
            results[name]["epochs"] = model.n_iter_
    return results


def measure_jobs():
    """Wall time of one grid search with two jobs over one, alternating, and what both found."""
    X, y = load_digits(return_X_y=True)
    pipe = make_pipeline(PadNormalizer(), LeNet5Classifier(random_state=0))
    grid = {
        "lenet5classifier__lr": [0.001, 0.004],
        "lenet5classifier__activation": ["relu", "tanh"],
    }
    seconds, best = {1: [], 2: []}, {}
    for _ in range(ROUNDS):
        for n_jobs in seconds:
            search = GridSearchCV(pipe, grid, n_jobs=n_jobs, cv=3, error_score="raise")
            start = time.perf_counter()
            best[n_jobs] = search.fit(X[:600], y[:600]).best_params_
            seconds[n_jobs].append(time.perf_counter() - start)
            print(
                f"grid search, {n_jobs} jobs: {seconds[n_jobs][-1]:.1f} s, {best[n_jobs]}",
                flush=True,
            )
    ratio = statistics.median(seconds[2]) / statistics.median(seconds[1])
    return {"seconds": seconds, "ratio": ratio, "same_best_params": best[1] == best[2]}


def table(result):
    """Return the README's table, a line each."""
    lines = [
        "| model | bundled digits, 5-fold | MNIST, test |",
        "|---|---|---|",
    ]
    for name, row in result["digits"].items():
        mnist = result["mnist"].get(name)
        on_mnist = spread(mnist["accuracies"]) if mnist else "not run"
        lines.append(f"| `{name}` | {spread(row['accuracies'])} | {on_mnist} |")
    where = result["environment"]
    lines += [
        "",
        f"Mean and deviation over {len(SEEDS)} seeds; the rivals have their own defaults. "
        f"{where['cpu']}, {where['cores']} cores, torch {where['versions']['torch']}, "
        f"scikit-learn {where['versions']['scikit-learn']}; "
        "made by `make bench-defaults` into `benchmarks/results/defaults.json`.",
    ]
    return lines


def spread(accuracies):
    """Return mean and deviation in per cent."""
    return f"{100 * np.mean(accuracies):.2f} ± {100 * np.std(accuracies, ddof=1):.2f} %"


def main():
    """Measure, or write the README from what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--report", action="store_true", help="only write the README's table")
    if not parser.parse_args().report:
        result = {"environment": environment(), "seeds": SEEDS}
        result |= {"jobs": measure_jobs(), "digits": measure_digits(), "mnist": measure_mnist()}
        save("defaults", result)
    readme = ROOT / "README.md"
    lines = table(load("defaults"))
    readme.write_text(put_between_marks(readme.read_text(), "defaults", lines))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
