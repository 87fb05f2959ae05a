"""How much lines of digits lean, and the turn that makes them upright: pure NumPy, no state."""

from __future__ import annotations

import math

import numpy as np
from scipy import ndimage

from ..images import Ink, Mask
from ._piece import Box

STEEPEST = 15
"""Degrees by which a line of digits may lean."""

FLAT = 2
"""What is so many times as wide as high is a rule or a dash, no digit."""

TALL = 0.45
"""Share of the greatest height from which on a piece counts as a digit."""

FEWEST = 2
"""So many digits beside another are needed to see whether they are level."""


def skew_of(mask: Mask) -> float:
    """Return the degrees by which lines of digits fall to the right, -15 to 15.

    At the right angle the ink of each row of the picture is most unevenly spread: full within
    lines, none between them. Where no angle is clearly better than none, or digits side by side
    are no more level at it, there is none: a few long strokes may be all that it makes even.
    """
    rows, columns = np.nonzero(mask)
    if len(rows) > 20_000:
        step = len(rows) // 20_000 + 1
        rows, columns = rows[::step], columns[::step]
    if np.ptp(columns) < 1.5 * np.ptp(rows) / math.cos(math.radians(STEEPEST)):
        return 0.0  # a single digit, or a column of them, tells nothing
    # Bins of a fiftieth of the width: finer ones see the strokes, coarser ones no angle.
    size = max(1.0, np.ptp(columns) / 100)

    def unevenness(degrees: float) -> float:
        angle = math.radians(degrees)
        across = rows * math.cos(angle) - columns * math.sin(angle)
        counts = np.bincount(((across - across.min()) / size).astype(np.intp))
        return float((counts.astype(np.float64) ** 2).sum())

    coarse = {float(d): unevenness(d) for d in range(-STEEPEST, STEEPEST + 1)}
    best = max(coarse, key=lambda d: coarse[d])
    if coarse[best] < 1.05 * coarse[0.0]:
        return 0.0
    fine = {d: unevenness(d) for d in np.arange(best - 1, best + 1.01, 0.25).tolist()}
    best = max(fine, key=lambda d: fine[d])
    rest = _slope(mask, best)
    return 0.0 if abs(rest) > abs(best) / 2 else float(np.clip(best + rest, -STEEPEST, STEEPEST))


def _slope(mask: Mask, degrees: float) -> float:
    """Return by how many degrees the middles of digits side by side fall, seen at an angle.

    0 where there are too few to say.
    """
    pieces, _ = ndimage.label(mask, structure=np.ones((3, 3)))
    sides = [(rows.start, rows.stop, c.start, c.stop) for rows, c in ndimage.find_objects(pieces)]
    tops, bottoms, lefts, rights = np.array(sides).T
    heights, widths = bottoms - tops, rights - lefts
    upright = widths < FLAT * heights
    if not upright.any():
        return 0.0
    usual = heights[upright].max()
    digits = upright & (heights > TALL * usual)
    y, x = (tops + bottoms)[digits] / 2, (lefts + rights)[digits] / 2
    angle = math.radians(degrees)
    across = y * math.cos(angle) - x * math.sin(angle)
    along = y * math.sin(angle) + x * math.cos(angle)
    order = np.argsort(across)
    lines = np.zeros(len(order), dtype=int)
    lines[order] = np.cumsum(np.diff(across[order], prepend=across.min()) > usual / 2)
    if len(lines) - len(set(lines)) < FEWEST:
        return 0.0
    for line in set(lines):
        of_line = lines == line
        across[of_line] -= across[of_line].mean()
        along[of_line] -= along[of_line].mean()
    return math.degrees(math.atan2(float(across @ along), float(along @ along)))


class Turn:
    """A turn of the picture by some degrees, and the way back for boxes."""

    def __init__(self, shape: tuple[int, int], degrees: float) -> None:
        cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        self.shape, self.degrees = shape, degrees
        # From turned to original places, rows first.
        self.matrix = np.array([[cosine, sine], [-sine, cosine]])
        height, width = shape
        self.turned_shape = (
            math.ceil(height * cosine + width * abs(sine)),
            math.ceil(width * cosine + height * abs(sine)),
        )
        middle = (np.array(self.turned_shape) - 1) / 2
        self.offset = (np.array(shape) - 1) / 2 - self.matrix @ middle

    def turned(self, ink: Ink) -> Ink:
        """Return the map upright; what comes in from outside is paper."""
        if self.degrees == 0:
            return ink
        turned: Ink = ndimage.affine_transform(
            ink, self.matrix, self.offset, output_shape=self.turned_shape, order=1
        )
        return turned

    def back(self, box: Box) -> Box:
        """Return the upright box that holds a turned one, in the original picture."""
        if self.degrees == 0:
            return box
        corners = [(r, c) for r in (box.top, box.bottom - 1) for c in (box.left, box.right - 1)]
        places = np.array(corners) @ self.matrix.T + self.offset
        low = np.floor(places.min(axis=0)).astype(int)
        high = np.ceil(places.max(axis=0)).astype(int) + 1
        (top, left), (bottom, right) = np.maximum(low, 0), np.minimum(high, self.shape)
        return Box(int(left), int(top), int(right), int(bottom))
