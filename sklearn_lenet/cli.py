"""The command line: a parser, ``main(argv)`` and one plain function for each command.

What a command needs is imported when it runs, so that ``--help`` is quick.
"""
# PYTHON_ARGCOMPLETE_OK

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from . import __version__
from ._variants import PICTURES, VARIANTS, made, rows_for

WRONG = 1
"""The exit code where some file could not be read; argparse's own is 2."""


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="sklearn-lenet", description="Read handwritten digits, and train what reads them."
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(title="commands", dest="command", required=True)
    _add_predict(commands)
    _add_train(commands)
    _add_evaluate(commands)
    info = commands.add_parser("info", help="say what a model file holds")
    info.add_argument("model", metavar="MODEL", help="a file that train or save_model wrote")
    info.set_defaults(run=run_info)
    export = commands.add_parser("export", help="write a model as an ONNX graph")
    export.add_argument("model", metavar="MODEL", help="a file that train or save_model wrote")
    export.add_argument("--onnx", metavar="FILE", required=True, help="where to")
    export.set_defaults(run=run_export)
    demo = commands.add_parser(
        "demo",
        help="train both nets, a random forest and an SVM on the same rows and compare them",
        description="Train both nets, a random forest and an SVM on the same rows: on MNIST where "
        "SKLEARN_LENET_DATA or the cache holds it, else on scikit-learn's bundled digits. "
        "Nothing is downloaded.",
    )
    demo.add_argument("--seed", type=int, default=0, help="random state of all models (default 0)")
    demo.set_defaults(run=run_demo)
    return parser


def _add_predict(commands: Any) -> None:
    predict = commands.add_parser(
        "predict",
        help="read the digits in pictures",
        description="Read the digit in each picture, or with --split every digit in each. Without "
        "--model a small one is trained on first use and kept.",
    )
    predict.add_argument("files", metavar="FILE", nargs="+", help="pictures, folders or patterns")
    predict.add_argument("--model", help="a file that train or save_model wrote")
    predict.add_argument("--split", action="store_true", help="read several digits a picture")
    predict.add_argument(
        "--min-confidence", type=_probability, default=0.0, metavar="P",
        help='answer "?" below this probability (default 0)',
    )  # fmt: skip
    form = predict.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON, all probabilities in it")
    form.add_argument("--csv", action="store_true", help="print CSV")
    predict.add_argument("--show", metavar="FILE", help="draw what the model saw into a PNG")
    predict.set_defaults(run=run_predict)


def _add_train(commands: Any) -> None:
    train = commands.add_parser("train", help="train a model and keep it in a file")
    train.add_argument("--out", metavar="FILE", required=True, help="where to, say digits.lenet")
    train.add_argument("--data", choices=["auto", "mnist", "digits"], default="auto",
                       help="MNIST, fetched if need be; scikit-learn's bundled digits; or the "
                       "better of what is here (default)")  # fmt: skip
    train.add_argument("--variant", choices=list(VARIANTS), default="default",
                       help="which net, and how it learns; default is a LeNet5Classifier(), "
                       "pictures one for other hands, with -1 for what is no digit")  # fmt: skip
    train.add_argument("--epochs", type=int, metavar="N", help="passes over the rows")
    train.add_argument("--seed", type=int, default=0, metavar="N", help="random state (default 0)")
    train.add_argument("--device", default="auto", help="auto (default), cpu, cuda, cuda:1, mps")
    train.set_defaults(run=run_train)


def _add_evaluate(commands: Any) -> None:
    evaluate = commands.add_parser("evaluate", help="score a model on rows it has not seen")
    evaluate.add_argument("model", metavar="MODEL", help="a file that train or save_model wrote")
    evaluate.add_argument("--data", choices=["auto", "mnist", "digits"], default="auto",
                          help="whose test rows (default: of MNIST where it is here)")  # fmt: skip
    evaluate.add_argument("--plot", metavar="FILE", help="draw the confusion matrix into a PNG")
    evaluate.set_defaults(run=run_evaluate)


def _probability(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is no probability: use 0 to 1")
    return value


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    parser = build_parser()
    if "_ARGCOMPLETE" in os.environ:  # asked by the shell what could come next
        from argcomplete import autocomplete

        autocomplete(parser)
    args = parser.parse_args(argv)
    run: Callable[[argparse.Namespace], int] = args.run
    try:
        return run(args)
    except (OSError, ValueError, ImportError, TypeError) as error:
        print(f"sklearn-lenet {args.command}: {error}", file=sys.stderr)
        return WRONG


def run_train(args: argparse.Namespace) -> int:
    """Train a model, score it on rows it has not seen, and keep it."""
    from .persistence import save_model

    if args.epochs is not None and args.epochs < 1:
        raise ValueError(f"--epochs {args.epochs} is no number of passes: use 1 or more.")
    if args.seed < 0:
        raise ValueError(f"--seed {args.seed} is negative: use 0 or more.")
    title, X, X_test, y, y_test = split_rows(args.data)
    if args.variant == PICTURES:
        tell("Drawing more rows: European hands, and what is no digit.")
    X, y = rows_for(args.variant, X, y, args.seed)
    passes = {} if args.epochs is None else {"max_epochs": args.epochs}
    settings = {"device": args.device, "random_state": args.seed, "verbose": 1}
    model = made(args.variant, **settings, **passes)
    print(f"{type(model).__name__} on {len(X):,} rows of {title}", file=sys.stderr)
    model.fit(X, y)
    model.set_params(verbose=0)
    save_model(model, args.out)
    accuracy = float((model.predict(X_test) == y_test).mean())
    print(f"{args.out}: {accuracy:.2%} right on {len(X_test):,} other rows")
    return 0


def split_rows(source: str) -> tuple[str, Any, Any, Any, Any]:
    """Return a title and X_train, X_test, y_train, y_test; digits as the reader makes them."""
    from sklearn.model_selection import train_test_split

    from .datasets import fetch_mnist

    try:
        if source == "digits":
            raise OSError
        fetched = {"return_X_y": True, "download_if_missing": source == "mnist"}
        X, y = fetch_mnist(split="train", **fetched)
        X_test, y_test = fetch_mnist(split="test", **fetched)
    except OSError:
        if source == "mnist":
            raise
        from ._default_model import bundled_digits

        X, y = bundled_digits()
        split = train_test_split(X, y, random_state=0, stratify=y)
        return "scikit-learn's bundled digits", *split
    return "MNIST", X, X_test, y, y_test


def run_evaluate(args: argparse.Namespace) -> int:
    """Print accuracy, precision, recall, F1 and the confusion matrix."""
    from sklearn.metrics import classification_report, confusion_matrix

    from .persistence import load_model

    model = load_model(args.model)
    title, _, X_test, _, y_test = split_rows(args.data)
    y_test = y_test.astype(model.classes_.dtype)
    predicted = model.predict(X_test)
    print(f"{args.model} on {len(X_test):,} test rows of {title}\n")
    print(classification_report(y_test, predicted, digits=4, zero_division=0))
    print("Confusion matrix, a row for each true digit:")
    print(confusion_matrix(y_test, predicted))
    if args.plot:
        from ._output import draw_confusion

        draw_confusion(y_test, predicted, args.plot)
        print(f"\nDrawn into {args.plot}.")
    return 0


def run_predict(args: argparse.Namespace) -> int:
    """Read pictures, say what they hold, and return 1 where one of them could not be read."""
    from . import _output
    from ._default_model import default_model
    from .persistence import load_model
    from .reading import read_all

    files = _output.expanded(args.files)
    model = load_model(args.model) if args.model else default_model(tell)
    read = read_all(files, model, split=args.split, min_confidence=args.min_confidence)
    answers = []
    for answer in _output.with_progress(read, len(files)):
        answers.append(answer)
        if answer.error:
            tell(f"sklearn-lenet predict: {answer.error}")
    form = _output.as_json if args.json else _output.as_csv if args.csv else _output.as_table
    print(form(answers, model.classes_), end="")
    if args.show:
        _output.draw_seen(answers, args.show)
        tell(f"What the model saw is in {args.show}.")
    return WRONG if any(answer.error for answer in answers) else 0


def tell(message: str) -> None:
    """Say something that is no part of the answer."""
    print(message, file=sys.stderr, flush=True)


def run_info(args: argparse.Namespace) -> int:
    """Print what a model file holds."""
    from ._output import as_info
    from .persistence import load_model, model_info

    print(as_info(load_model(args.model), model_info(args.model), args.model), end="")
    return 0


def run_export(args: argparse.Namespace) -> int:
    """Write a model file's model as ONNX."""
    from .persistence import export_onnx, load_model

    export_onnx(load_model(args.model), args.onnx)
    print(f"{args.onnx}: pixels in, label and probabilities out")
    return 0


def run_demo(args: argparse.Namespace) -> int:
    """Print the accuracy of both nets beside a forest's and an SVM's on the same rows."""
    from ._demo import demo

    demo(seed=args.seed)
    return 0
