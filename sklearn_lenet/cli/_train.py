"""`sklearn-lenet train`: train a model and keep it in a file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ._messages import tell

VARIANTS = {
    "default": "a LeNet5Classifier()",
    "classic": "LeNet-5 with tanh and average pooling",
    "unpadded": "LeNet-5 on 28x28 pixels without a border",
    "best": "LeNet-5 trained for 40 epochs, the most accurate on MNIST",
    "augmented": "LeNet-5 with affine instead of elastic augmentation",
    "pictures": "LeNet-5 for photos and scans, with the class -1 for what is not a digit",
    "dense": "a DenseDigitClassifier()",
    "strings": "a DigitStringReader for whole numbers, trained on synthetic lines",
}
"""The names and help texts of the variants; listed here so that --help imports no torch."""


STRINGS = "strings"
"""The variant that reads lines."""

TEST_LINES = 1000
"""The number of lines of test digits on which a reader is tested."""


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("train", help="train a model and keep it in a file")
    parser.add_argument(
        "--out", metavar="FILE", required=True, help="the model file to write, such as digits.lenet"
    )
    parser.add_argument(
        "--data",
        choices=["auto", "mnist", "digits"],
        default="auto",
        help="mnist, downloaded if needed; digits, bundled with scikit-learn; or auto (default): "
        "mnist if it is on this machine, else digits",
    )
    parser.add_argument(
        "--variant",
        choices=list(VARIANTS),
        default="default",
        help="; ".join(f"{name}: {text}" for name, text in VARIANTS.items()),
    )
    parser.add_argument("--epochs", type=int, metavar="N", help="number of epochs")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="random state (default 0)")
    parser.add_argument("--device", default="auto", help="auto (default), cpu, cuda, cuda:1, mps")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Train a model, keep it in a file, and print its accuracy on test rows."""
    from ..datasets import split_rows
    from ..estimators import PICTURES, make_variant, training_rows
    from ..persistence import save_model
    from ..utils import check_writable

    if args.epochs is not None and args.epochs < 1:
        raise ValueError(f"--epochs {args.epochs} is not a number of epochs: use 1 or more.")
    if args.seed < 0:
        raise ValueError(f"--seed {args.seed} is negative: use 0 or more.")
    check_writable(Path(args.out))
    title, X, X_test, y, y_test = split_rows(args.data)
    if args.variant == STRINGS:
        return _train_reader(args, title, (X, y), (X_test, y_test))
    if args.variant == PICTURES:
        tell("Making more rows: European digits and non-digits.")
    X, y = training_rows(args.variant, X, y, args.seed)
    epochs = {} if args.epochs is None else {"max_epochs": args.epochs}
    settings = {"device": args.device, "random_state": args.seed, "verbose": 1}
    model = make_variant(args.variant, **settings, **epochs)
    print(f"{type(model).__name__} on {len(X):,} rows of {title}", file=sys.stderr)
    model.fit(X, y)
    model.set_params(verbose=0)
    save_model(model, args.out)
    accuracy = float((model.predict(X_test) == y_test).mean())
    print(f"{args.out}: {accuracy:.2%} accuracy on {len(X_test):,} test rows")
    return 0


def _train_reader(args: argparse.Namespace, title: str, digits: Any, test_digits: Any) -> int:
    """Train a line reader, keep it in a file, and print how many test lines it reads."""
    from ..datasets import make_digit_lines
    from ..persistence import save_model
    from ..reading import DigitStringReader

    epochs = {} if args.epochs is None else {"max_epochs": args.epochs}
    reader = DigitStringReader(
        n_jobs=-1, device=args.device, random_state=args.seed, verbose=1, **epochs
    )
    tell(f"DigitStringReader on {reader.n_lines:,} lines of digits of {title}")
    reader.fit(digits=digits)
    reader.set_params(verbose=0)
    save_model(reader, args.out)
    score = reader.score(*make_digit_lines(TEST_LINES, test_digits, random_state=args.seed))
    print(f"{args.out}: {score:.2%} of {TEST_LINES:,} synthetic lines of test digits are right")
    return 0
