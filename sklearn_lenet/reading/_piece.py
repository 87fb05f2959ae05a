"""Box and Piece: the place of a digit in a picture, and its pixels."""

from __future__ import annotations

from typing import NamedTuple

from ..images import Mask


class Box(NamedTuple):
    """The pixels from ``left`` and ``top`` up to, not with, ``right`` and ``bottom``."""

    left: int
    top: int
    right: int
    bottom: int


class Piece(NamedTuple):
    """What is taken for one digit: where it is, and which pixels of that box are its own."""

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


def around(boxes: list[Box]) -> Box:
    """Return the box around others."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))
