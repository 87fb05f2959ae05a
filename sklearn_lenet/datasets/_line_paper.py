"""The paper of synthetic lines: its brightness, its light, and the pattern printed on it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

Sheet = NDArray[np.float32]
"""Values of a picture of shape (height, width)."""

PLAIN_SHARE = 0.2
"""This share of the papers has no pattern."""

SECOND_SHARE = 0.35
"""This share of the papers with a pattern has a second one."""

PATTERN_DARKNESS = 0.03, 0.28
"""The darkest part of a pattern, smallest and largest, as a share of the darkness of black ink."""

LINE_SPACING = 3.0, 14.0
"""The distance between the lines of a pattern in pixels, smallest and largest."""

LINE_WIDTH = 0.1, 0.35
"""The width of the lines of a pattern, as a share of their distance."""

GRAIN = 0.0, 0.07
"""The deviation of the paper's grain, smallest and largest."""

LIGHT_SLOPE = 0.35
"""How much darker the paper is at most at one end than at the other."""


def paper(height: int, width: int, random: Generator) -> Sheet:
    """Return a paper from 0 (black) to 1 (white): uneven light, a printed pattern, grain."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    sheet = np.full((height, width), random.uniform(0.35, 1), dtype=np.float32)
    sheet *= 1 - random.uniform(0, LIGHT_SLOPE) * _slope(y / height, x / max(width, 1), random)
    if random.random() > PLAIN_SHARE:
        for _ in range(2 if random.random() < SECOND_SHARE else 1):
            pattern = PATTERNS[random.integers(len(PATTERNS))](y, x, random)
            sheet *= 1 - random.uniform(*PATTERN_DARKNESS) * pattern
    return sheet * (1 + grain(height, width, random))


def grain(height: int, width: int, random: Generator) -> Sheet:
    """Return noise around 0, coarse or fine."""
    coarseness = random.uniform(1, 3)
    shape = max(1, round(height / coarseness)), max(1, round(width / coarseness))
    noise = random.standard_normal(shape, dtype=np.float32) * random.uniform(*GRAIN)
    return _stretched(noise, height, width)


def clouds(height: int, width: int, size: float, random: Generator) -> Sheet:
    """Return smooth values from 0 to 1 that change over about ``size`` pixels."""
    shape = round(height / size) + 2, round(width / size) + 2
    return _stretched(random.random(shape, dtype=np.float32), height, width)


def _stretched(values: Sheet, height: int, width: int) -> Sheet:
    image = Image.fromarray(values).resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(image)


def _slope(y: Sheet, x: Sheet, random: Generator) -> Sheet:
    """Return light that falls from 0 to 1 in a random direction."""
    down, right = random.uniform(-1, 1, 2).astype(np.float32)
    slope: Sheet = down * y + right * x
    slope -= slope.min()
    return slope / max(float(slope.max()), 1e-6)


def _waves(y: Sheet, x: Sheet, random: Generator) -> Sheet:
    """Return a family of parallel waves, at any angle."""
    angle = random.uniform(-0.6, 0.6) + (np.pi / 2 if random.random() < 0.2 else 0)
    across = y * np.float32(np.cos(angle)) - x * np.float32(np.sin(angle))
    along = x * np.float32(np.cos(angle)) + y * np.float32(np.sin(angle))
    length, height = random.uniform(20, 120), np.float32(random.uniform(0, 8))
    phase = random.uniform(0, 2 * np.pi)
    waves: Sheet = across + height * np.sin(along * (2 * np.pi / length) + phase)
    return _lines(waves, random)


def _arcs(y: Sheet, x: Sheet, random: Generator) -> Sheet:
    """Return arcs around a point beside the paper, or in it."""
    height, width = y.shape
    centre_y = random.uniform(-2, 3) * height
    centre_x = random.uniform(-0.3, 1.3) * width
    distance: Sheet = np.hypot(y - np.float32(centre_y), x - np.float32(centre_x))
    return _lines(distance, random)


def _rosettes(y: Sheet, x: Sheet, random: Generator) -> Sheet:
    """Return arcs around points of a lattice, as security paper has them."""
    size = random.uniform(20, 50)
    shift = random.uniform(0, size, 2)
    row = np.floor((y + shift[0]) / size)
    centred_y = (y + shift[0]) - (row + 0.5) * size
    shifted_x = x + shift[1] + size / 2 * (row % 2)
    centred_x = shifted_x - (np.floor(shifted_x / size) + 0.5) * size
    return _lines(np.hypot(centred_y, centred_x).astype(np.float32), random)


def _weave(y: Sheet, _x: Sheet, random: Generator) -> Sheet:
    """Return the threads of a woven paper: random rows and columns."""
    height, width = y.shape
    rows = random.random((height, 1), dtype=np.float32)
    columns = random.random((1, width), dtype=np.float32)
    threads: Sheet = (rows + columns) * np.float32(0.5)
    return threads


def _grid(y: Sheet, x: Sheet, random: Generator) -> Sheet:
    """Return squared paper."""
    spacing, width = random.uniform(4, 14), random.uniform(*LINE_WIDTH)
    tilt = np.float32(random.uniform(-0.05, 0.05))
    rows = _lines_at(y + tilt * x, spacing, width)
    return np.maximum(rows, _lines_at(x - tilt * y, spacing, width))


def _blotches(y: Sheet, _x: Sheet, random: Generator) -> Sheet:
    """Return soft spots."""
    height, width = y.shape
    return clouds(height, width, random.uniform(4, 20), random)


PATTERNS: list[Callable[[Sheet, Sheet, Generator], Sheet]]
PATTERNS = [_waves, _waves, _arcs, _arcs, _rosettes, _weave, _grid, _blotches]
"""The patterns; one that stands here twice is chosen twice as often."""


def _lines(distance: Sheet, random: Generator) -> Sheet:
    return _lines_at(distance, random.uniform(*LINE_SPACING), random.uniform(*LINE_WIDTH))


def _lines_at(distance: Sheet, spacing: float, width: float) -> Sheet:
    """Return soft lines where a distance is a multiple of ``spacing``."""
    place = np.abs((distance / np.float32(spacing)) % 1 - np.float32(0.5))
    lines: Sheet = np.clip(1.5 - place / np.float32(width / 2), 0, 1)
    return lines
