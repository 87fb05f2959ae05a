"""What the command line draws into PNG files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ..images import opened
from ..reading import Answer, Box
from ..utils import extra_module

TILE = 112
"""Side of each picture in the drawing: four pixels for each one of 28x28."""


def draw_images(answers: Sequence[Answer], path: str) -> None:
    """Draw each digit beside the image that the model was given, with label and confidence."""
    n_digits = sum(len(answer.digits) for answer in answers)
    if not n_digits:
        raise ValueError("no picture could be read, so there is nothing to show.")
    columns = min(4, n_digits)
    rows = -(-n_digits // columns)
    wide, high, font = 2 * TILE + 24, TILE + 40, ImageFont.load_default(14)
    sheet = Image.new("RGB", (columns * wide, rows * high), "white")
    pen = ImageDraw.Draw(sheet)
    place = 0
    for answer in answers:
        if not answer.digits:
            continue
        picture, factor = opened(answer.file)
        whole = Image.fromarray((picture * 255).astype(np.uint8))
        for digit in answer.digits:
            left, top = (place % columns) * wide + 8, (place // columns) * high + 8
            box = Box(*(side // factor for side in digit.box))
            sheet.paste(_thumbnail(whole, box), (left, top))
            image = Image.fromarray(digit.image).resize((TILE, TILE), Image.Resampling.NEAREST)
            sheet.paste(image, (left + TILE + 4, top))
            text = f"{digit.label}  {digit.confidence:.1%}  {Path(answer.file).name}"
            pen.text((left, top + TILE + 4), _shortened(text, font, 2 * TILE), "black", font=font)
            place += 1
    sheet.save(path)


def _thumbnail(whole: Image.Image, box: Box) -> Image.Image:
    """Return the part of a picture around a box as a tile."""
    margin = max(4, (box.bottom - box.top) // 4)
    image = whole.crop(
        (
            max(box.left - margin, 0),
            max(box.top - margin, 0),
            min(box.right + margin, whole.width),
            min(box.bottom + margin, whole.height),
        )
    )
    image.thumbnail((TILE, TILE))
    if max(image.size) < TILE:
        enlarge = TILE // max(image.size)
        image = image.resize(
            (enlarge * image.width, enlarge * image.height), Image.Resampling.NEAREST
        )
    tile = Image.new("RGB", (TILE, TILE), "#dddddd")
    tile.paste(image, ((TILE - image.width) // 2, (TILE - image.height) // 2))
    return tile


def _shortened(text: str, font: Any, width: int) -> str:
    """Return the text, shortened to the width."""
    if font.getlength(text) <= width:
        return text
    while font.getlength(text + "...") > width:
        text = text[:-1]
    return text + "..."


def draw_confusion(y_true: Any, y_pred: Any, path: str) -> None:
    """Draw the confusion matrix into a file."""
    from sklearn.metrics import ConfusionMatrixDisplay

    figure = extra_module("matplotlib.figure", "--plot", "plots").Figure(
        figsize=(6.4, 5.6), layout="constrained"
    )
    axes = figure.subplots()
    ConfusionMatrixDisplay.from_predictions(y_true, y_pred, ax=axes, cmap="Blues", colorbar=False)
    accuracy = float(np.mean(np.asarray(y_true) == np.asarray(y_pred)))
    axes.set_title(f"{accuracy:.2%} accuracy on {len(y_true):,} rows")
    figure.savefig(path, dpi=130)
