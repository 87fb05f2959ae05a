"""`sklearn-lenet evaluate`: score a model on test rows."""

from __future__ import annotations

import argparse
from typing import Any


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("evaluate", help="measure a model on test rows")
    parser.add_argument("model", metavar="MODEL", help="a file written by train or save_model")
    parser.add_argument(
        "--data",
        choices=["auto", "mnist", "digits"],
        default="auto",
        help="the test rows (default: of MNIST if it is on this machine)",
    )
    parser.add_argument("--plot", metavar="FILE", help="draw the confusion matrix into a PNG file")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print accuracy, precision, recall, F1 and the confusion matrix."""
    from sklearn.metrics import classification_report, confusion_matrix

    from ..datasets import split_rows
    from ..persistence import load_model
    from ..reading import DigitStringReader

    model = load_model(args.model)
    if isinstance(model, DigitStringReader):
        raise ValueError(
            f"{args.model} reads lines, and evaluate has rows of single digits: use its score "
            "method in Python."
        )
    title, _, X_test, _, y_test = split_rows(args.data)
    y_test = y_test.astype(model.classes_.dtype)
    predicted = model.predict(X_test)
    print(f"{args.model} on {len(X_test):,} test rows of {title}\n")
    print(classification_report(y_test, predicted, digits=4, zero_division=0))
    print("Confusion matrix, one row per true label:")
    print(confusion_matrix(y_test, predicted))
    if args.plot:
        from ._drawings import draw_confusion

        draw_confusion(y_test, predicted, args.plot)
        print(f"\nThe confusion matrix is drawn in {args.plot}.")
    return 0
