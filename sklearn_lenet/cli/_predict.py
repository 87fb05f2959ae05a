"""`sklearn-lenet predict`: read the digits in pictures."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ._messages import EXIT_ERROR, tell


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "predict",
        help="read the digits in pictures",
        description="Read the digit in each picture, or with --split all digits in each. A model "
        "of the variant strings reads a whole number in each picture. Without --model a small "
        "model is trained on first use and cached.",
    )
    parser.add_argument("files", metavar="FILE", nargs="+", help="pictures, folders or patterns")
    parser.add_argument("--model", help="a file written by train or save_model")
    parser.add_argument("--split", action="store_true", help="read all digits of each picture")
    parser.add_argument(
        "--min-confidence", type=_probability, default=0.0, metavar="P",
        help='print "?" for digits with less confidence (default 0)',
    )  # fmt: skip
    parser.add_argument(
        "--pattern", metavar="EXPRESSION",
        help="only numbers that match this regular expression (for models of the variant strings)",
    )  # fmt: skip
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON with all probabilities")
    form.add_argument("--csv", action="store_true", help="print CSV")
    parser.add_argument(
        "--show", metavar="FILE", help="draw the images that the model was given into a PNG file"
    )
    parser.set_defaults(run=run)


def _probability(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not a probability: use 0 to 1")
    return value


def run(args: argparse.Namespace) -> int:
    """Read pictures and print the digits; return 1 if one of them could not be read."""
    from ..persistence import load_model
    from ..pretrained import default_model
    from ..reading import DigitStringReader, read_files
    from ..utils import check_writable
    from ._files import expanded, with_progress
    from ._formats import as_csv, as_json, as_table

    files = expanded(args.files)
    if args.show:
        check_writable(Path(args.show))
    model = load_model(args.model) if args.model else default_model(tell)
    if isinstance(model, DigitStringReader):
        return _run_lines(args, files, model)
    if args.pattern is not None:
        raise ValueError("--pattern needs a model that train --variant strings has made.")
    read = read_files(files, model, split=args.split, min_confidence=args.min_confidence)
    answers = []
    for answer in with_progress(read, len(files)):
        answers.append(answer)
        if answer.error:
            tell(f"sklearn-lenet predict: {answer.error}")
    form = as_json if args.json else as_csv if args.csv else as_table
    print(form(answers, model.classes_), end="")
    if args.show:
        from ._drawings import draw_images

        draw_images(answers, args.show)
        tell(f"The images that the model was given are in {args.show}.")
    return EXIT_ERROR if any(answer.error for answer in answers) else 0


def _run_lines(args: argparse.Namespace, files: list[str], reader: Any) -> int:
    """Read one number in each picture."""
    from ..reading import read_line_files
    from ._files import with_progress
    from ._line_formats import lines_as_csv, lines_as_json, lines_as_table

    if args.split or args.show:
        option = "--split" if args.split else "--show"
        raise ValueError(f"{option} needs a model of single digits, and {args.model} reads lines.")
    reader.set_params(min_confidence=args.min_confidence)
    if args.pattern is not None:
        reader.set_params(pattern=args.pattern)
    answers = []
    for answer in with_progress(read_line_files(files, reader), len(files)):
        answers.append(answer)
        if answer.error:
            tell(f"sklearn-lenet predict: {answer.error}")
    form = lines_as_json if args.json else lines_as_csv if args.csv else lines_as_table
    print(form(answers), end="")
    return EXIT_ERROR if any(answer.error for answer in answers) else 0
