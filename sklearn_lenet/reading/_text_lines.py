"""Lines of text: pieces in reading order."""

from __future__ import annotations

import numpy as np

from ._piece import Piece


def in_reading_order(pieces: list[Piece]) -> list[Piece]:
    """Return the pieces line by line, each line from the left, with the numbers of the lines.

    A piece belongs to a line if they share more than half of the smaller height.
    """
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: p.box.top + p.box.bottom):
        for line in lines:
            top = float(np.median([p.box.top for p in line]))
            bottom = float(np.median([p.box.bottom for p in line]))
            shared = min(bottom, piece.box.bottom) - max(top, piece.box.top)
            if shared > 0.5 * min(bottom - top, piece.height):
                line.append(piece)
                break
        else:
            lines.append([piece])
    lines.sort(key=lambda line: float(np.mean([p.box.top + p.box.bottom for p in line])))
    return [
        piece._replace(line=number)
        for number, line in enumerate(lines)
        for piece in sorted(line, key=lambda p: p.box.left)
    ]
