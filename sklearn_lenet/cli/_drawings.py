"""What the command line draws into PNG files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ..images import opened
from ..reading import Answer, Digit
from ..utils import extra_module

TILE = 112
"""Pixels a side of each picture in `draw_seen`, four for one of 28x28."""


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
