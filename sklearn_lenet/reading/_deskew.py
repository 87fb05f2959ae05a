"""The skew of lines of digits, and the rotation that levels them."""

from __future__ import annotations

import math

import numpy as np
from scipy import ndimage

from ..images import Ink, Mask
from ._piece import Box

MAX_SKEW = 15
"""The largest skew in degrees that is found."""

DASH_RATIO = 2
"""A piece that is twice as wide as high is a ruled line or a dash, not a digit."""

DIGIT_HEIGHT = 0.45
"""A piece with at least this share of the greatest height counts as a digit."""

MIN_NEIGHBOURS = 2
"""The skew is corrected only if at least two digits stand beside another one."""


def skew_of(mask: Mask) -> float:
    """Return the degrees by which lines of digits fall to the right, from -15 to 15.

    At the right angle the rows of the picture differ most in ink: much in lines, none between
    them. The skew is 0 if no angle is clearly better than 0, or if neighbouring digits are not
    more level at that angle, because a few long strokes may have caused it.
    """
    rows, columns = np.nonzero(mask)
    if len(rows) > 20_000:
        step = len(rows) // 20_000 + 1
        rows, columns = rows[::step], columns[::step]
    if np.ptp(columns) < 1.5 * np.ptp(rows) / math.cos(math.radians(MAX_SKEW)):
        return 0.0  # a single digit or a column of digits has no line
    # A bin is a hundredth of the width: finer bins respond to strokes, coarser ones to no angle.
    size = max(1.0, np.ptp(columns) / 100)

    def contrast(degrees: float) -> float:
        angle = math.radians(degrees)
        across = rows * math.cos(angle) - columns * math.sin(angle)
        counts = np.bincount(((across - across.min()) / size).astype(np.intp))
        return float((counts.astype(np.float64) ** 2).sum())

    coarse = {float(d): contrast(d) for d in range(-MAX_SKEW, MAX_SKEW + 1)}
    best = max(coarse, key=lambda d: coarse[d])
    if coarse[best] < 1.05 * coarse[0.0]:
        return 0.0
    fine = {d: contrast(d) for d in np.arange(best - 1, best + 1.01, 0.25).tolist()}
    best = max(fine, key=lambda d: fine[d])
    rest = _slope(mask, best)
    return 0.0 if abs(rest) > abs(best) / 2 else float(np.clip(best + rest, -MAX_SKEW, MAX_SKEW))


def _slope(mask: Mask, degrees: float) -> float:
    """Return the degrees by which the centres of neighbouring digits fall after a rotation.

    It is 0 if there are too few digits.
    """
    pieces, _ = ndimage.label(mask, structure=np.ones((3, 3)))
    sides = [(rows.start, rows.stop, c.start, c.stop) for rows, c in ndimage.find_objects(pieces)]
    tops, bottoms, lefts, rights = np.array(sides).T
    heights, widths = bottoms - tops, rights - lefts
    upright = widths < DASH_RATIO * heights
    if not upright.any():
        return 0.0
    usual = heights[upright].max()
    digits = upright & (heights > DIGIT_HEIGHT * usual)
    y, x = (tops + bottoms)[digits] / 2, (lefts + rights)[digits] / 2
    angle = math.radians(degrees)
    across = y * math.cos(angle) - x * math.sin(angle)
    along = y * math.sin(angle) + x * math.cos(angle)
    order = np.argsort(across)
    lines = np.zeros(len(order), dtype=int)
    lines[order] = np.cumsum(np.diff(across[order], prepend=across.min()) > usual / 2)
    if len(lines) - len(set(lines)) < MIN_NEIGHBOURS:
        return 0.0
    for line in set(lines):
        of_line = lines == line
        across[of_line] -= across[of_line].mean()
        along[of_line] -= along[of_line].mean()
    return math.degrees(math.atan2(float(across @ along), float(along @ along)))


class Rotation:
    """A rotation of a picture by some degrees, and its inverse for boxes."""

    def __init__(self, shape: tuple[int, int], degrees: float) -> None:
        cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        self.shape, self.degrees = shape, degrees
        # From rotated to original coordinates, rows first.
        self.matrix = np.array([[cosine, sine], [-sine, cosine]])
        height, width = shape
        self.rotated_shape = (
            math.ceil(height * cosine + width * abs(sine)),
            math.ceil(width * cosine + height * abs(sine)),
        )
        middle = (np.array(self.rotated_shape) - 1) / 2
        self.offset = (np.array(shape) - 1) / 2 - self.matrix @ middle

    def apply(self, ink: Ink) -> Ink:
        """Return the ink rotated; pixels from outside are background."""
        if self.degrees == 0:
            return ink
        rotated: Ink = ndimage.affine_transform(
            ink, self.matrix, self.offset, output_shape=self.rotated_shape, order=1
        )
        return rotated

    def undo(self, box: Box) -> Box:
        """Return the box in the original picture that contains a box in the rotated one."""
        if self.degrees == 0:
            return box
        corners = [(r, c) for r in (box.top, box.bottom - 1) for c in (box.left, box.right - 1)]
        places = np.array(corners) @ self.matrix.T + self.offset
        low = np.floor(places.min(axis=0)).astype(int)
        high = np.ceil(places.max(axis=0)).astype(int) + 1
        (top, left), (bottom, right) = np.maximum(low, 0), np.minimum(high, self.shape)
        return Box(int(left), int(top), int(right), int(bottom))
