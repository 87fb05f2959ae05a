"""`sklearn-lenet info`: what a model file holds."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("info", help="print what a model file holds")
    parser.add_argument("model", metavar="MODEL", help="a file written by train or save_model")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print what a model file holds."""
    from ..persistence import load_model, model_info

    print(as_info(load_model(args.model), model_info(args.model), args.model), end="")
    return 0


def as_info(model: Any, told: dict[str, Any], path: str) -> str:
    """Return what a model file holds, a line each."""
    last = model[-1] if hasattr(model, "steps") else model
    weights = sum(p.numel() for p in last.module_.parameters())
    changed = repr(model).replace("\n", "\n" + " " * 12)
    losses = last.loss_curve_
    lines = {
        "file": f"{path}, {Path(path).stat().st_size:,} bytes, format {told['format']}",
        "model": changed,
        "labels": ", ".join(str(label) for label in last.classes_),
        "images": f"{last.image_shape_}, pixels from {last.pixel_scale_.lowest:g} to "
        f"{last.pixel_scale_.highest:g}",
        "weights": f"{weights:,}",
        "training": f"{last.n_iter_} passes, last loss {losses[-1]:.4f}" if losses else "none",
        "written by": ", ".join(f"{name} {v}" for name, v in told["versions"].items()),
    }
    return "".join(f"{name:12}{text}\n" for name, text in lines.items())
