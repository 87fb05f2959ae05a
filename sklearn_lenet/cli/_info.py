"""`sklearn-lenet info`: what a model file contains."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("info", help="print what a model file contains")
    parser.add_argument("model", metavar="MODEL", help="a file written by train or save_model")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print what a model file contains."""
    from ..persistence import load_model_with_info

    print(as_info(*load_model_with_info(args.model), args.model), end="")
    return 0


def as_info(model: Any, description: dict[str, Any], path: str) -> str:
    """Return the contents of a model file, one line per entry."""
    from ..reading import DigitStringReader

    last = model[-1] if hasattr(model, "steps") else model
    weights = sum(p.numel() for p in last.module_.parameters())
    parameters = repr(model).replace("\n", "\n" + " " * 12)
    losses = last.loss_curve_
    if isinstance(last, DigitStringReader):
        takes = {"characters": last.alphabet_}
    else:
        scale = last.pixel_scale_
        takes = {
            "labels": ", ".join(str(label) for label in last.classes_),
            "images": f"{last.image_shape_}, pixels from {scale.lowest:g} to {scale.highest:g}",
        }
    lines = {
        "file": f"{path}, {Path(path).stat().st_size:,} bytes, format {description['format']}",
        "model": parameters,
        **takes,
        "weights": f"{weights:,}",
        "training": f"{last.n_iter_} epochs, last loss {losses[-1]:.4f}" if losses else "none",
        "written by": ", ".join(f"{name} {v}" for name, v in description["versions"].items()),
    }
    return "".join(f"{name:12}{text}\n" for name, text in lines.items())
