"""The picture of a synthetic line: digits side by side, marks, margins, paper, camera."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from ._line_digits import INK, Hands, Patch, patch, thinned
from ._line_marks import (
    AFTER_SHARE,
    BEFORE_SHARE,
    Frame,
    draw_after,
    draw_before,
    rules_and_boxes,
)
from ._line_paper import Sheet, clouds, grain, paper

HEIGHT = 22, 42
"""The height of the digits of a line in pixels, smallest and largest."""

SLANT = 0.18, 0.26
"""Mean and deviation of the slant that the digits of a line share, in pixels to the right for each
pixel up."""

SLANTS = -0.27, 1.0
"""The smallest and the largest slant: -15 and 45 degrees."""

UNEVEN_SHARE, UNEVEN_HEIGHTS = 0.4, {"1": (1.0, 1.4), "0": (0.7, 1.0)}
"""This share of ones is higher than the other digits, and of zeros lower, by these factors."""

CUT_SHARE = 0.1
"""The share of the edges that cut into the first or last digit, or its top or bottom."""

INVERTED_SHARE = 0.1
"""The share of lines with light ink on dark paper."""

THIN_SHARE, THICK_SHARE = 0.4, 0.12
"""These shares of the lines are written with a thin pen, and with a thick one."""

JPEG_SHARE = 0.35
"""The share of lines that were stored as JPEG."""


def picture_of(text: str, hands: Hands, random: Generator) -> NDArray[np.uint8]:
    """Return a picture of a text, written with the digits of some hands."""
    height = random.uniform(*HEIGHT)
    slant = float(np.clip(random.normal(*SLANT), *SLANTS))
    patches = [
        patch(hands.choose(name, random), height * _own_height(name, random), slant, random)
        for name in text
    ]
    if random.random() < THIN_SHARE:
        patches = [thinned(one) for one in patches]
    written = _written(patches, height, random)
    ink, frame = _with_margins(*_with_marks(*written, random), random)
    return _photographed(ink, frame, random)


def _own_height(name: str, random: Generator) -> float:
    """Return how many times higher than the line a digit is written."""
    if random.random() < UNEVEN_SHARE:
        return float(random.uniform(*UNEVEN_HEIGHTS.get(name, (1.0, 1.0))))
    return 1.0


def _written(
    patches: list[Patch], height: float, random: Generator
) -> tuple[NDArray[np.uint8], Frame]:
    """Return the digits side by side on a canvas with room around them."""
    room = round(1.2 * height)
    widths = sum(patch.ink.shape[1] for patch in patches)
    canvas = np.zeros((4 * room, widths + 4 * room + round(len(patches) * height)), dtype=np.uint8)
    baseline = 2.6 * room
    gaps = _gaps(len(patches), height, random)
    edge = np.full(len(canvas), -np.inf)  # the right edge of the ink, for each row
    left, tops, right = 2 * room, [], 0
    for index, (digit, gap) in enumerate(zip(patches, gaps, strict=True)):
        rows, columns = digit.ink.shape
        top = int(np.clip(round(baseline + digit.lowered - rows), 0, len(canvas) - rows))
        inked = digit.ink >= INK
        starts = np.where(inked.any(axis=1), inked.argmax(axis=1), np.inf)
        if index:
            free = _spread(edge)[top : top + rows] - starts
            beside = free[np.isfinite(free)]
            place = beside.max() if len(beside) else edge.max()
            left = round(max(place, edge.max() - 1.2 * height) + gap)
            left = int(np.clip(left, 2, canvas.shape[1] - columns - 2))
        region = canvas[top : top + rows, left : left + columns]
        np.maximum(region, digit.ink, out=region)
        ends = np.where(inked.any(axis=1), left + columns - inked[:, ::-1].argmax(axis=1), -np.inf)
        edge[top : top + rows] = np.maximum(edge[top : top + rows], ends)
        tops.append(top)
        right = max(right, left + columns)
    start = int(np.flatnonzero(canvas.any(axis=0))[0])
    rows_with_ink = np.flatnonzero(canvas.any(axis=1))
    frame = Frame(
        left=start,
        right=right,
        top=float(np.median(tops)),
        baseline=baseline,
        highest=int(rows_with_ink[0]),
        lowest=int(rows_with_ink[-1]) + 1,
        pen=height * random.uniform(0.08, 0.14),
    )
    return canvas, frame


def _gaps(n: int, height: float, random: Generator) -> NDArray[np.float64]:
    """Return the smallest distance between each digit and the one before; negative: overlap."""
    kind = random.random()
    if kind < 0.3:  # touching
        return height * random.normal(-0.02, 0.06, n)
    if kind < 0.8:
        return height * random.normal(0.12, 0.1, n)
    return height * random.uniform(0.1, 0.9, n)


def _spread(edge: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return, for each row, the edge in the rows near it, so that strokes do not interlock."""
    spread = edge.copy()
    for shift in (1, 2):
        spread[shift:] = np.maximum(spread[shift:], edge[:-shift])
        spread[:-shift] = np.maximum(spread[:-shift], edge[shift:])
    return spread


def _with_marks(ink: NDArray[np.uint8], frame: Frame, random: Generator) -> tuple[Any, Frame]:
    """Return the ink with dashes, dots and signs before and after the digits."""
    left, right = frame.left, frame.right
    image = Image.fromarray(ink)
    if random.random() < AFTER_SHARE:
        room = round(6 * frame.height)
        wider = Image.new("L", (image.width + room, image.height))
        wider.paste(image)
        image = wider
        right = draw_after(ImageDraw.Draw(image), frame, random)
    if random.random() < BEFORE_SHARE:
        left = max(0.0, draw_before(ImageDraw.Draw(image), frame, random))
    return image, frame._replace(left=left, right=right)


def _with_margins(image: Any, frame: Frame, random: Generator) -> tuple[Sheet, Frame]:
    """Return the part of the ink that the picture shows, and the frame in it."""
    height, width = frame.height, frame.right - frame.left
    cut = random.random(4) < CUT_SHARE
    sides = np.minimum([width, height, width, height], height)
    margins = np.where(
        cut, sides * random.uniform(-0.1, 0.02, 4), height * random.uniform(0.05, 0.9, 4)
    )
    box = (
        round(frame.left - margins[0]),
        round(frame.highest - margins[1]),
        round(min(frame.right, image.width) + margins[2]),
        round(frame.lowest + margins[3]),
    )
    part = image.crop(box)  # black outside of the canvas
    moved = frame._replace(
        left=frame.left - box[0], right=frame.right - box[0],
        top=frame.top - box[1], baseline=frame.baseline - box[1],
        highest=frame.highest - box[1], lowest=frame.lowest - box[1],
    )  # fmt: skip
    return np.asarray(part, dtype=np.float32) / np.float32(255), moved


def _photographed(ink: Sheet, frame: Frame, random: Generator) -> NDArray[np.uint8]:
    """Return the picture of ink on paper."""
    height, width = ink.shape
    ink = _with_pen(ink, random)
    sheet = paper(height, width, random)
    printed = rules_and_boxes((height, width), frame, random)
    if printed is not None:
        sheet *= 1 - random.uniform(0.2, 0.9) * (printed.astype(np.float32) / 255)
    darkness = random.uniform(0.45, 1)
    uneven = 1 - random.uniform(0, 0.5) * clouds(height, width, 0.4 * frame.height, random)
    picture = sheet * (1 - darkness * uneven * ink) + grain(height, width, random) * 0.5
    if random.random() < INVERTED_SHARE:
        picture = 1 - picture
    grey = np.clip(255 * picture, 0, 255).astype(np.uint8)
    image = Image.fromarray(grey)
    if random.random() < 0.5:
        image = image.filter(ImageFilter.GaussianBlur(random.uniform(0.3, 1.2)))
    if random.random() < JPEG_SHARE:
        stored = io.BytesIO()
        image.save(stored, "JPEG", quality=int(random.integers(20, 85)))
        image = Image.open(stored)
    return np.asarray(image)


def _with_pen(ink: Sheet, random: Generator) -> Sheet:
    """Return the ink as a thicker or thinner pen, with hard or soft edges, would write it."""
    if random.random() < THICK_SHARE:
        image = Image.fromarray((255 * ink).astype(np.uint8)).filter(ImageFilter.MaxFilter(3))
        ink = np.asarray(image, dtype=np.float32) / np.float32(255)
    threshold = random.uniform(0.25, 0.65)
    steepness = 0.5 * random.uniform(1, 2.5) / min(threshold, 1 - threshold)
    written: Sheet = np.clip((ink - np.float32(threshold)) * np.float32(steepness) + 0.5, 0, 1)
    return written
