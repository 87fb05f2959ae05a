"""The digits of a page, line by line: a line reader finds and reads them, a classifier judges."""

from __future__ import annotations

from itertools import groupby

import numpy as np
from scipy import ndimage

from ..images import Ink
from ._digit import CUT, DISAGREE, JOINED, UNCERTAIN, Digit, with_flags
from ._digit_string_reader import DigitStringReader
from ._line_form import LineInk, text_band
from ._line_reading import LineDigit
from ._page_reader import PADDING, PageReader, flag_strange
from ._piece import Box, Piece, box_around


def read_lines(page: PageReader, reader: DigitStringReader, pieces: list[Piece]) -> list[Digit]:
    """Return the digits of the pieces, in reading order.

    The reader decides how many digits a line has and where they are. The classifier labels each
    of them as well. Where the two disagree, the surer one is right, and the digit is flagged.
    """
    parts: list[Piece] = []
    seen: list[LineDigit] = []
    flags: list[tuple[str, ...]] = []
    for _, group in groupby(pieces, key=lambda piece: piece.line):
        of_line = list(group)
        line, left, top = line_of(page.ink, of_line)
        for digit in reader._read_line(line).digits:
            box = Box(
                *(side + start for side, start in zip(digit.box, (left, top) * 2, strict=True))
            )
            part, how = part_in(box, of_line)
            parts.append(part)
            seen.append(digit)
            flags.append(how)
    digits = [
        with_flags(judged(digit, by_line), *how)
        for digit, by_line, how in zip(page.label(parts), seen, flags, strict=True)
    ]
    return flag_strange(page.model, digits)


def judged(digit: Digit, by_line: LineDigit) -> Digit:
    """Return the classifier's digit, or with the reader's label if that is surer.

    A digit that the classifier takes for none stays "?".
    """
    if str(digit.label) in (by_line.label, UNCERTAIN):
        return digit
    if digit.confidence < by_line.confidence:
        label = type(digit.label)(by_line.label)
        digit = digit._replace(label=label, confidence=by_line.confidence)
    return with_flags(digit, DISAGREE)


def line_of(ink: Ink, pieces: list[Piece]) -> tuple[LineInk, int, int]:
    """Return the ink of the pieces of a line alone, and the left and top of its box."""
    box = box_around([piece.box for piece in pieces])
    mask = np.zeros((box.bottom - box.top, box.right - box.left), dtype=bool)
    for piece in pieces:
        mask[_inside(piece.box, box)] |= piece.mask
    mask = np.pad(mask, PADDING)
    top, left = box.top - PADDING, box.left - PADDING
    padded = np.pad(ink, PADDING)[top + PADDING :, left + PADDING :][
        : mask.shape[0], : mask.shape[1]
    ]
    alone = np.where(ndimage.binary_dilation(mask, iterations=2), padded, 0).astype(np.float32)
    return LineInk(alone, mask, *text_band(mask), 1), left, top


def part_in(box: Box, pieces: list[Piece]) -> tuple[Piece, tuple[str, ...]]:
    """Return the ink of a line that is inside a box, and how it was made of the pieces."""
    mask = np.zeros((box.bottom - box.top, box.right - box.left), dtype=bool)
    n_pieces, is_cut = 0, False
    for piece in pieces:
        common = _common(box, piece.box)
        if common is None:
            continue
        ink = piece.mask[_inside(common, piece.box)]
        if ink.any():
            mask[_inside(common, box)] |= ink
            n_pieces += 1
            is_cut |= bool(ink.sum() < 0.9 * piece.mask.sum())
    flags = (CUT,) if is_cut else (JOINED,) if n_pieces > 1 else ()
    return Piece(box, mask, pieces[0].line), flags


def _common(first: Box, second: Box) -> Box | None:
    """Return the part that two boxes share; None if they share nothing."""
    box = Box(
        max(first.left, second.left),
        max(first.top, second.top),
        min(first.right, second.right),
        min(first.bottom, second.bottom),
    )
    return box if box.left < box.right and box.top < box.bottom else None


def _inside(box: Box, outer: Box) -> tuple[slice, slice]:
    """Return the rows and columns of a box in an array of an outer one."""
    return (
        slice(box.top - outer.top, box.bottom - outer.top),
        slice(box.left - outer.left, box.right - outer.left),
    )
