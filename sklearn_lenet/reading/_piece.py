"""Box and Piece: the place of a digit in a picture, and its pixels."""

from __future__ import annotations

from typing import NamedTuple

from ..images import Mask


class Box(NamedTuple):
    """A rectangle of pixels; ``right`` and ``bottom`` are the first pixels outside of it."""

    left: int
    top: int
    right: int
    bottom: int


class Piece(NamedTuple):
    """Ink that may be one digit: its box, which pixels of the box belong to it, and its line."""

    box: Box
    mask: Mask
    line: int = 0

    @property
    def height(self) -> int:
        """Its height in pixels."""
        return self.box.bottom - self.box.top

    @property
    def width(self) -> int:
        """Its width in pixels."""
        return self.box.right - self.box.left

    @property
    def middle(self) -> float:
        """The column in its middle, by which pieces are in reading order."""
        return (self.box.left + self.box.right) / 2


def box_around(boxes: list[Box]) -> Box:
    """Return the smallest box that contains the boxes."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))
