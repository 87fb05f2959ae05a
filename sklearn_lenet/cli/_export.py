"""`sklearn-lenet export`: write a model as an ONNX graph or as a web page."""

from __future__ import annotations

import argparse
from typing import Any


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("export", help="write a model as an ONNX graph or a web page")
    parser.add_argument("model", metavar="MODEL", help="a file written by train or save_model")
    kinds = parser.add_mutually_exclusive_group(required=True)
    kinds.add_argument("--onnx", metavar="FILE", help="write an ONNX graph")
    kinds.add_argument("--page", metavar="FILE", help="write a web page that reads drawn digits")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the model of a model file as ONNX or as a page."""
    from ..export import export_onnx, export_page
    from ..persistence import load_model
    from ..reading import DigitStringReader

    model = load_model(args.model)
    if args.page is not None:
        export_page(model, args.page)
        print(f"{args.page}: open it in a browser and draw a digit")
        return 0
    export_onnx(model, args.onnx)
    if isinstance(model, DigitStringReader):
        print(f"{args.onnx}: takes strips, returns log_probabilities")
    else:
        print(f"{args.onnx}: takes pixels, returns label and probabilities")
    return 0
