"""What stands beside the digits of a synthetic line: dashes, dots, rules, boxes, stamps.

No mark looks like a digit: upright strokes are longer than digits are high.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ._redrawing import draw_stroke

AFTER_SHARE, BEFORE_SHARE = 0.55, 0.12
"""These shares of the lines have a mark after the digits, and one before them."""

RULE_SHARE, BOX_SHARE, STAMP_SHARE = 0.4, 0.03, 0.06
"""These shares of the lines have rules, a box, and a part of a stamp."""


class Frame(NamedTuple):
    """Where the digits of a line are, in pixels, and how wide the pen is."""

    left: float
    right: float
    top: float
    """The usual top of a digit."""
    baseline: float
    highest: float
    """The first row with ink of a digit."""
    lowest: float
    """The row below the last one."""
    pen: float

    @property
    def height(self) -> float:
        """The height of a digit."""
        return self.baseline - self.top


def draw_after(draw: ImageDraw.ImageDraw, frame: Frame, random: Generator) -> float:
    """Draw what follows an amount; return where it ends on the right."""
    height, pen = frame.height, frame.pen
    x = frame.right + height * random.uniform(0.12, 0.5)
    for mark in AFTER[random.integers(len(AFTER))]:
        x = MARKS[mark](draw, x, frame, random) + height * random.uniform(0.08, 0.3)
    return x + pen


def draw_before(draw: ImageDraw.ImageDraw, frame: Frame, random: Generator) -> float:
    """Draw what stands before an amount; return where it begins on the left."""
    mark = BEFORE[random.integers(len(BEFORE))]
    x = frame.left - frame.height * random.uniform(1, 1.4)
    MARKS[mark](draw, x, frame, random)
    return x - frame.pen


def _stroke(draw: ImageDraw.ImageDraw, points: list[tuple[float, float]], pen: float) -> None:
    """Draw a stroke in full ink."""
    draw_stroke(draw, points, pen, 255)


def _dash(draw: ImageDraw.ImageDraw, x: float, frame: Frame, random: Generator) -> float:
    """Draw a dash at half height, straight or bent, short or long."""
    height = frame.height
    length = height * (random.uniform(0.25, 0.8) if random.random() < 0.7 else random.uniform(1, 3))
    y = frame.baseline - height * random.uniform(0.2, 0.65)
    tilt, bend = height * random.uniform(-0.15, 0.08), height * random.uniform(-0.08, 0.08)
    middle = x + length / 2, y + tilt / 2 + bend
    _stroke(draw, [(x, y), middle, (x + length, y + tilt)], frame.pen)
    return x + length


def _equals(draw: ImageDraw.ImageDraw, x: float, frame: Frame, random: Generator) -> float:
    """Draw two dashes above each other."""
    height = frame.height
    length, gap = height * random.uniform(0.2, 0.7), height * random.uniform(0.12, 0.25)
    y = frame.baseline - height * random.uniform(0.35, 0.6)
    tilt = height * random.uniform(-0.12, 0.05)
    for low in (0.0, gap):
        start = x + height * random.uniform(-0.06, 0.06)
        _stroke(draw, [(start, y + low), (start + length, y + low + tilt)], frame.pen)
    return x + length


def _dot(draw: ImageDraw.ImageDraw, x: float, frame: Frame, random: Generator) -> float:
    """Draw a dot on the baseline."""
    y = frame.baseline - frame.pen / 2 + frame.height * random.uniform(-0.05, 0.08)
    length = frame.pen * random.uniform(0, 0.6)
    _stroke(draw, [(x, y), (x + length, y)], frame.pen * random.uniform(1, 1.4))
    return x + length


def _comma(draw: ImageDraw.ImageDraw, x: float, frame: Frame, random: Generator) -> float:
    """Draw a comma below the baseline."""
    height = frame.height
    y = frame.baseline - height * random.uniform(0, 0.1)
    down, left = height * random.uniform(0.15, 0.35), height * random.uniform(0.02, 0.2)
    _stroke(draw, [(x, y), (x - left / 3, y + down / 2), (x - left, y + down)], frame.pen)
    return x


def _hash(draw: ImageDraw.ImageDraw, x: float, frame: Frame, random: Generator) -> float:
    """Draw crossed strokes that close an amount."""
    height = frame.height
    size = height * random.uniform(0.35, 0.7)
    top = frame.baseline - height * random.uniform(0.5, 0.8)
    slant = size * random.uniform(0, 0.4)
    for k in (0.3, 0.7):
        _stroke(draw, [(x, top + k * size), (x + size, top + k * size)], frame.pen)
        start = (x + k * size + slant / 2, top - 0.1 * size)
        _stroke(draw, [start, (x + k * size - slant / 2, top + 1.1 * size)], frame.pen)
    return x + size


def _currency(draw: ImageDraw.ImageDraw, x: float, frame: Frame, random: Generator) -> float:
    """Draw a currency sign: an arc with two bars (euro), or a wave with a long stroke (dollar)."""
    height, pen = frame.height, frame.pen
    width, top = height * random.uniform(0.45, 0.65), frame.top
    if random.random() < 0.5:
        box = (x, top, x + 1.2 * width, frame.baseline)
        draw.arc(box, 50, 310, fill=255, width=max(1, round(pen)))
        for k in (0.42, 0.6):
            _stroke(
                draw,
                [(x - 0.15 * width, top + k * height), (x + 0.6 * width, top + k * height)],
                pen,
            )
    else:
        steps = np.linspace(0, 1, 9)
        wave = x + width / 2 - width / 2 * np.sin(2 * np.pi * steps)
        points = list(
            zip(wave.tolist(), (top + height * (0.1 + 0.8 * steps)).tolist(), strict=True)
        )
        _stroke(draw, points, pen)
        middle = x + width / 2
        _stroke(
            draw, [(middle, top - 0.15 * height), (middle, frame.baseline + 0.15 * height)], pen
        )
    return x + width


MARKS: dict[str, Callable[[ImageDraw.ImageDraw, float, Frame, Generator], float]]
MARKS = {
    "-": _dash, "=": _equals, ".": _dot, ",": _comma, "#": _hash, "¤": _currency,
}  # fmt: skip
"""The function that draws each mark and returns where it ends."""

AFTER = ["-", "-", "--", ".", ".", ".-", ".-", ",-", ",-", ",", "=", "=", ".=", "#", "¤"]
"""The marks that follow the digits; one that stands here twice is chosen twice as often."""

BEFORE = ["#", "=", "¤", "¤"]
"""The marks that stand before the digits; none is wider than a digit is high."""


def rules_and_boxes(
    shape: tuple[int, int], frame: Frame, random: Generator
) -> NDArray[np.uint8] | None:
    """Return printed lines: rules below, above or through the digits, a box, a part of a stamp."""
    kinds = random.random(3) < (RULE_SHARE, BOX_SHARE, STAMP_SHARE)
    if not kinds.any():
        return None
    height, width = shape
    image = Image.new("L", (width, height))
    draw = ImageDraw.Draw(image)
    thickness = int(random.integers(1, 3))
    if kinds[0]:
        _draw_rules(draw, width, frame, thickness, random)
    if kinds[1]:
        margin = frame.height * random.uniform(0.15, 0.5, 4)
        box = (frame.left - margin[0], frame.top - margin[1],
               frame.right + margin[2], frame.baseline + margin[3])  # fmt: skip
        draw.rectangle(box, outline=255, width=thickness)
        for k in range(1, int(random.integers(1, 6))):
            x = box[0] + k * (box[2] - box[0]) / 5
            if random.random() < 0.5:  # a comb: short strokes that part the places of digits
                draw.line((x, box[3] - 0.2 * frame.height, x, box[3]), fill=255, width=thickness)
    if kinds[2]:
        radius = frame.height * random.uniform(1.5, 4)
        x, y = random.uniform(0, width), frame.baseline + random.uniform(-1, 1) * 1.5 * radius
        for size in (radius, 0.85 * radius):
            draw.ellipse((x - size, y - size, x + size, y + size), outline=255, width=thickness)
    return np.asarray(image)


def _draw_rules(
    draw: ImageDraw.ImageDraw, width: int, frame: Frame, thickness: int, random: Generator
) -> None:
    """Draw one rule near the baseline, and sometimes one above the digits."""
    height = frame.height
    tilt = width * random.uniform(-0.02, 0.02)
    places = [frame.baseline + height * random.uniform(-0.12, 0.25)]
    if random.random() < 0.25:
        places.append(frame.top - height * random.uniform(-0.05, 0.4))
    for y in places:
        if random.random() < 0.1:  # a dotted rule
            for x in range(0, width, 4):
                draw.point((x, y + tilt * x / width), fill=255)
        else:
            draw.line((0, y, width, y + tilt), fill=255, width=thickness)
