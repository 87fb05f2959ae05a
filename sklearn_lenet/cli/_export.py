"""`sklearn-lenet export`: write a model as an ONNX graph."""

from __future__ import annotations

import argparse
from typing import Any


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("export", help="write a model as an ONNX graph")
    parser.add_argument("model", metavar="MODEL", help="a file written by train or save_model")
    parser.add_argument("--onnx", metavar="FILE", required=True, help="the file to write")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the model of a model file as ONNX."""
    from ..export import export_onnx
    from ..persistence import load_model
    from ..reading import DigitStringReader

    model = load_model(args.model)
    export_onnx(model, args.onnx)
    if isinstance(model, DigitStringReader):
        print(f"{args.onnx}: takes strips, returns log_probabilities")
    else:
        print(f"{args.onnx}: takes pixels, returns label and probabilities")
    return 0
