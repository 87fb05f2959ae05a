"""`sklearn-lenet predict`: read the digits in pictures."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ._messages import EXIT_ERROR, tell
from ._workers import workers, write_answers


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "predict",
        help="read the digits in pictures",
        description="Read the digit in each picture, or with --split all digits in each. A model "
        "of the variant strings reads a whole number in each picture. Without --model the "
        'pretrained model "digits" reads them.',
    )
    parser.add_argument("files", metavar="FILE", nargs="+", help="pictures, folders or patterns")
    parser.add_argument("--model", help="a file written by train or save_model")
    parser.add_argument("--split", action="store_true", help="read all digits of each picture")
    parser.add_argument(
        "--reader", metavar="FILE",
        help="with --split: a model of the variant strings, which finds the digits of each line",
    )  # fmt: skip
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
    form.add_argument(
        "--out", metavar="FOLDER",
        help="read with many processes and write a folder of Parquet files; the same command goes "
        "on with it after an interruption (extra dask)",
    )  # fmt: skip
    parser.add_argument(
        "--workers", type=workers, metavar="N|SCHEDULER",
        help="with --out: the number of processes (default one a core), or the address or the file "
        "of a Dask scheduler",
    )  # fmt: skip
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
    from ..images import picture_files
    from ..pretrained import QuickDigits
    from ..reading import answers_of_files
    from ..utils import check_writable
    from ._formats import as_csv, as_json, as_table
    from ._progress import with_progress

    if args.workers is not None and args.out is None:
        raise ValueError("--workers needs --out, the folder to write the answers to.")
    if args.out is not None and args.show:
        raise ValueError("--show draws the images of a few pictures: leave it out with --out.")
    files = picture_files(args.files)
    if args.show:
        check_writable(Path(args.show))
    reader = _loaded(args.reader) if args.reader else None
    if args.reader and not (args.split and _reads_lines(reader)):
        raise ValueError(
            "--reader needs --split and a model that train --variant strings has made."
        )
    model = _loaded(args.model) if args.model else QuickDigits()
    if args.model and _reads_lines(model):
        return _run_lines(args, files, model)
    if args.pattern is not None:
        raise ValueError("--pattern needs a model that train --variant strings has made.")
    if args.out is not None:
        return write_answers(args, files, model, reader=reader, min_confidence=args.min_confidence)
    read = answers_of_files(
        files, model, split=args.split, reader=reader, min_confidence=args.min_confidence
    )
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


def _loaded(path: str) -> Any:
    from ..persistence import load_model  # loads torch, which takes a second

    return load_model(path)


def _reads_lines(model: Any) -> bool:
    from ..reading import DigitStringReader

    return isinstance(model, DigitStringReader)


def _run_lines(args: argparse.Namespace, files: list[str], reader: Any) -> int:
    """Read one number in each picture."""
    from ..reading import answers_of_line_files
    from ._line_formats import lines_as_csv, lines_as_json, lines_as_table
    from ._progress import with_progress

    if args.split or args.show:
        option = "--split" if args.split else "--show"
        raise ValueError(f"{option} needs a model of single digits, and {args.model} reads lines.")
    reader.set_params(min_confidence=args.min_confidence)
    if args.pattern is not None:
        reader.set_params(pattern=args.pattern)
    if args.out is not None:
        return write_answers(args, files, reader)
    answers = []
    for answer in with_progress(answers_of_line_files(files, reader), len(files)):
        answers.append(answer)
        if answer.error:
            tell(f"sklearn-lenet predict: {answer.error}")
    form = lines_as_json if args.json else lines_as_csv if args.csv else lines_as_table
    print(form(answers), end="")
    return EXIT_ERROR if any(answer.error for answer in answers) else 0
