"""What the command line prints and draws."""

from __future__ import annotations

import csv
import glob
import io
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from tqdm import tqdm

from ._extras import extra_module
from ._sources import opened
from .reading import Answer, Digit

ENDINGS = {".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp"}
"""What counts as a picture in a folder."""
TILE = 112
"""Pixels a side of each picture in `draw_seen`, four for one of 28x28."""


def expanded(names: Sequence[str]) -> list[str]:
    """Return the files that names stand for: pictures in folders, what patterns match."""
    files: list[str] = []
    for name in names:
        if Path(name).is_dir():
            inside = sorted(Path(name).iterdir())
            found = [str(path) for path in inside if path.suffix.lower() in ENDINGS]
            if not found:
                raise ValueError(
                    f"{name} holds no pictures: none ends in {', '.join(sorted(ENDINGS))}."
                )
        elif not Path(name).exists() and glob.has_magic(name):
            found = sorted(glob.glob(name, recursive=True))
            if not found:
                raise ValueError(f"{name} matches no file.")
        else:
            found = [name]
        files += found
    return files


def with_progress(answers: Iterable[Answer], n: int) -> Iterator[Answer]:
    """Yield the answers, with a bar where they are many and someone watches."""
    quiet = n < 20 or not sys.stderr.isatty()
    yield from tqdm(answers, total=n, unit="picture", disable=quiet, leave=False)


def as_table(answers: Sequence[Answer], classes: NDArray[Any]) -> str:
    """Return a line a file: its digits, and how sure the least sure of them is."""
    rows = [("file", "digits", "confidence", "else")]
    for answer in answers:
        if answer.error:
            rows.append((answer.file, "", "", "not read"))
            continue
        least = min(answer.digits, key=lambda digit: digit.confidence)
        rows.append(
            (
                answer.file,
                _joined(answer.digits),
                f"{least.confidence:.1%}",
                ", ".join(filter(None, [_second(least, classes), _touching(answer.digits)])),
            )
        )
    widths = [max(len(row[k]) for row in rows) for k in range(4)]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) for row in rows]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _joined(digits: Sequence[Digit]) -> str:
    """Return the labels as they stand: lines apart, long labels apart.

    >>> _joined([])
    ''
    """
    lines: dict[int, list[str]] = {}
    for digit in digits:
        lines.setdefault(digit.line, []).append(str(digit.label))
    gap = "" if all(len(label) == 1 for line in lines.values() for label in line) else " "
    return " / ".join(gap.join(line) for line in lines.values())


def _second(digit: Digit, classes: NDArray[Any]) -> str:
    """Return the runner-up where the first is not sure."""
    best, second = np.argsort(-digit.probabilities)[:2] if len(classes) > 1 else (0, 0)
    if digit.confidence > 0.95 and digit.label != "?":
        return ""
    either = [f"{classes[k]} {digit.probabilities[k]:.1%}" for k in (best, second)]
    return " or ".join(either)


def _touching(digits: Sequence[Digit]) -> str:
    """Return which labels stand for what may be two digits, or is one of them."""
    labels = [str(digit.label) for digit in digits if digit.touching]
    return f"touching: {' '.join(labels)}" if labels else ""


def as_json(answers: Sequence[Answer], classes: NDArray[Any]) -> str:
    """Return everything that is known of each file."""
    names = [str(label) for label in classes]
    told = [
        {"file": answer.file, "error": answer.error}
        if answer.error
        else {
            "file": answer.file,
            "text": _joined(answer.digits),
            "digits": [_plain(digit, names) for digit in answer.digits],
        }
        for answer in answers
    ]
    return json.dumps(told, indent=2) + "\n"


def _plain(digit: Digit, names: list[str]) -> dict[str, Any]:
    label = digit.label.item() if isinstance(digit.label, np.generic) else digit.label
    return {
        "label": label,
        "confidence": round(digit.confidence, 6),
        "box": list(digit.box),
        "line": digit.line,
        "touching": digit.touching,
        "probabilities": dict(
            zip(names, (round(float(p), 6) for p in digit.probabilities), strict=True)
        ),
    }


def as_csv(answers: Sequence[Answer], classes: NDArray[Any]) -> str:
    """Return a line a digit; a file that was not read has one with its error."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns = ["file", "line", "label", "confidence", "touching"]
    columns += ["left", "top", "right", "bottom"]
    writer.writerow([*columns, *(f"p_{label}" for label in classes), "error"])
    for answer in answers:
        for digit in answer.digits:
            shares = [f"{p:.6f}" for p in digit.probabilities]
            first = [answer.file, digit.line, digit.label, f"{digit.confidence:.6f}"]
            writer.writerow([*first, digit.touching, *digit.box, *shares, ""])
        if answer.error:
            empty = [""] * (len(columns) - 1 + len(classes))
            writer.writerow([answer.file, *empty, answer.error])
    return text.getvalue()


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


def draw_seen(answers: Sequence[Answer], path: str) -> None:
    """Draw each picture beside what the model saw of it, with the answer."""
    shown = [(answer, digit) for answer in answers for digit in answer.digits]
    if not shown:
        raise ValueError("no picture could be read, so there is nothing to show.")
    columns = min(4, len(shown))
    rows = -(-len(shown) // columns)
    wide, high, font = 2 * TILE + 24, TILE + 40, ImageFont.load_default(14)
    sheet = Image.new("RGB", (columns * wide, rows * high), "white")
    pen = ImageDraw.Draw(sheet)
    for place, (answer, digit) in enumerate(shown):
        left, top = (place % columns) * wide + 8, (place // columns) * high + 8
        sheet.paste(_thumbnail(answer.file, digit), (left, top))
        seen = Image.fromarray(digit.image).resize((TILE, TILE), Image.Resampling.NEAREST)
        sheet.paste(seen, (left + TILE + 4, top))
        text = f"{digit.label}  {digit.confidence:.1%}  {Path(answer.file).name}"
        pen.text((left, top + TILE + 4), _fitted(text, font, 2 * TILE), "black", font=font)
    sheet.save(path)


def _thumbnail(file: str, digit: Digit) -> Image.Image:
    """Return the part of the picture that a digit is in, as a tile."""
    picture, factor = opened(file)
    image = Image.fromarray((picture * 255).astype(np.uint8))
    left, top, right, bottom = (side // factor for side in digit.box)
    room = max(4, (bottom - top) // 4)
    image = image.crop(
        (max(left - room, 0), max(top - room, 0), min(right + room, image.width),
         min(bottom + room, image.height))
    )  # fmt: skip
    image.thumbnail((TILE, TILE))
    if max(image.size) < TILE:
        factor = TILE // max(image.size)
        image = image.resize(
            (factor * image.width, factor * image.height), Image.Resampling.NEAREST
        )
    tile = Image.new("RGB", (TILE, TILE), "#dddddd")
    tile.paste(image, ((TILE - image.width) // 2, (TILE - image.height) // 2))
    return tile


def _fitted(text: str, font: Any, width: int) -> str:
    """Return the text, cut where it is wider than its place."""
    if font.getlength(text) <= width:
        return text
    while font.getlength(text + "...") > width:
        text = text[:-1]
    return text + "..."


def draw_confusion(y_true: Any, y_predicted: Any, path: str) -> None:
    """Draw the confusion matrix into a file."""
    from sklearn.metrics import ConfusionMatrixDisplay

    figure = extra_module("matplotlib.figure", "--plot", "plots").Figure(
        figsize=(6.4, 5.6), layout="constrained"
    )
    axes = figure.subplots()
    ConfusionMatrixDisplay.from_predictions(
        y_true, y_predicted, ax=axes, cmap="Blues", colorbar=False
    )
    accuracy = float(np.mean(np.asarray(y_true) == np.asarray(y_predicted)))
    axes.set_title(f"{accuracy:.2%} right of {len(y_true):,}")
    figure.savefig(path, dpi=130)
