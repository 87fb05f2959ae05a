"""Lines of text: pieces in reading order."""

from __future__ import annotations

from statistics import fmean, median

from ._piece import Piece


def in_reading_order(pieces: list[Piece]) -> list[Piece]:
    """Return the pieces line by line, each line from the left, with the numbers of the lines.

    A piece belongs to a line if they share more than half of the smaller height.
    """
    lines: list[list[Piece]] = []
    bands: list[tuple[float, float]] = []
    for piece in sorted(pieces, key=lambda p: p.box.top + p.box.bottom):
        for number, (top, bottom) in enumerate(bands):
            shared = min(bottom, piece.box.bottom) - max(top, piece.box.top)
            if shared > 0.5 * min(bottom - top, piece.height):
                lines[number].append(piece)
                bands[number] = _band(lines[number])
                break
        else:
            lines.append([piece])
            bands.append(_band([piece]))
    lines.sort(key=lambda line: fmean(p.box.top + p.box.bottom for p in line))
    return [
        piece._replace(line=number)
        for number, line in enumerate(lines)
        for piece in sorted(line, key=lambda p: p.box.left)
    ]


def _band(line: list[Piece]) -> tuple[float, float]:
    """Return the median top and the median bottom of the pieces of a line."""
    return median(piece.box.top for piece in line), median(piece.box.bottom for piece in line)
