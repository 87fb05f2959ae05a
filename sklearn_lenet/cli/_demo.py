"""`sklearn-lenet demo`: both nets beside a forest and an SVM, on the same rows."""

from __future__ import annotations

import argparse
import time
from typing import Any, NamedTuple


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "demo",
        help="train both nets, a random forest and an SVM on the same rows and compare them",
        description="Train both nets, a random forest and an SVM on the same rows: on MNIST where "
        "SKLEARN_LENET_DATA or the cache has it, else on scikit-learn's bundled digits. "
        "Nothing is downloaded.",
    )
    parser.add_argument(
        "--seed", type=int, default=0, help="random state of all models (default 0)"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the accuracy of both nets, a random forest and an SVM on the same rows."""
    demo(seed=args.seed)
    return 0


DEMO_ROWS = 10_000
"""Training rows of MNIST in the demo: as many as an SVM learns in seconds."""


class Result(NamedTuple):
    """One line of the demo's table."""

    model: str
    accuracy: float
    fit_seconds: float
    predict_seconds: float


def demo(seed: int = 0) -> None:
    """Print the accuracy of both nets beside a forest's and an SVM's on the same rows."""
    title, *rows = demo_data(seed)
    print(f"{title}: {len(rows[0]):,} training rows, {len(rows[1]):,} test rows\n")
    print(f"{'':24}{'accuracy':>10}{'fit':>10}{'predict':>10}")
    for name, model in demo_models(seed).items():
        result = measure(name, model, *rows)
        print(
            f"{result.model:24}{result.accuracy:10.2%}{result.fit_seconds:8.1f} s"
            f"{result.predict_seconds:8.1f} s",
            flush=True,
        )


def demo_data(seed: int) -> tuple[str, Any, Any, Any, Any]:
    """Return a title and X_train, X_test, y_train, y_test of the best data at hand."""
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    from ..datasets import fetch_mnist

    try:
        X, y = fetch_mnist(split="train", return_X_y=True, download_if_missing=False)
        X_test, y_test = fetch_mnist(split="test", return_X_y=True, download_if_missing=False)
    except OSError:
        X, y = load_digits(return_X_y=True)
        return "scikit-learn's 8x8 digits", *train_test_split(X, y, random_state=seed, stratify=y)
    X, _, y, _ = train_test_split(X, y, train_size=DEMO_ROWS, random_state=seed, stratify=y)
    return "MNIST", X, X_test, y, y_test


def demo_models(seed: int) -> dict[str, Any]:
    """Return the models of the demo, the rivals with settings that suit them."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import MinMaxScaler
    from sklearn.svm import SVC

    from ..estimators import DenseDigitClassifier, LeNet5Classifier

    return {
        "LeNet5Classifier": LeNet5Classifier(random_state=seed),
        "DenseDigitClassifier": DenseDigitClassifier(random_state=seed),
        "random forest": RandomForestClassifier(500, n_jobs=-1, random_state=seed),
        "SVM (RBF, C=10)": make_pipeline(MinMaxScaler(), SVC(C=10)),
    }


def measure(name: str, model: Any, X: Any, X_test: Any, y: Any, y_test: Any) -> Result:
    """Fit the model, let it predict, and return its line of the table."""
    start = time.perf_counter()
    model.fit(X, y)
    fitted = time.perf_counter()
    accuracy = float((model.predict(X_test) == y_test).mean())
    return Result(name, accuracy, fitted - start, time.perf_counter() - fitted)
