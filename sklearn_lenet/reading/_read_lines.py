"""The digits of a page, line by line: a line reader finds and reads them, a classifier judges."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ..datasets import NO_DIGIT
from ..images import Ink
from ._digit import CUT, DISAGREE, JOINED, TOUCHING, UNCERTAIN, Digit, with_flags
from ._digit_string_reader import DigitStringReader
from ._line_form import LineInk, text_band
from ._line_reading import LineDigit
from ._page_reader import PADDING, PageReader, flag_strange
from ._piece import Box, Piece, box_around
from ._piece_shape import has_more_loops, is_wide

OF_ISOLATED, OF_WHOLE, OF_CUT = 0.0, 0.5, 0.7
"""The weight of the line reader against the classifier: for a digit that is alone in its line, for
one that touches no other, and for one that was cut off another one."""

DOUBT = 1e-4
"""This is added to each probability, so that no reader can exclude a label by itself."""

COVERED = 0.5
"""A piece with less than this share of its ink in the reader's digits was left out by it."""


class Found(NamedTuple):
    """The ink of a digit on a page, and what the line reader says about it."""

    part: Piece
    by_line: LineDigit | None
    """None if the reader sees no digit there."""
    how: tuple[str, ...]
    """How the part was made of pieces."""


def read_lines(page: PageReader, reader: DigitStringReader, pieces: list[Piece]) -> list[Digit]:
    """Return the digits of the pieces, in reading order.

    The reader decides how many digits a line has and where they are. The label of each is decided
    by both: by the reader, and by the classifier, which sees the digit alone. A piece in which the
    reader sees no digit is one if the classifier sees one.
    """
    lines = [list(group) for _, group in groupby(pieces, key=lambda piece: piece.line)]
    found = [one for of_line in lines for one in _found_in(page.ink, reader, of_line)]
    n_in_line = Counter(one.part.line for one in found)
    digits = []
    for alone, (part, by_line, how) in zip(
        page.label([one.part for one in found]), found, strict=True
    ):
        if by_line is None:
            if alone.label == UNCERTAIN:  # neither sees a digit
                continue
            digit = with_flags(alone, DISAGREE)
        else:
            isolated = n_in_line[part.line] == 1
            weight = OF_CUT if CUT in how else OF_ISOLATED if isolated else OF_WHOLE
            digit = judged(alone, by_line, page.model.classes_, reader.alphabet_, weight)
        if is_wide(part) or has_more_loops(digit.image, digit.label):
            digit = with_flags(digit, TOUCHING)
        digits.append(with_flags(digit, *how))
    return flag_strange(page.model, digits)


def _found_in(ink: Ink, reader: DigitStringReader, pieces: list[Piece]) -> list[Found]:
    """Return what the reader finds in the pieces of a line, and the pieces that it leaves out."""
    line, left, top = line_of(ink, pieces)
    found = []
    for digit in reader._read_line(line).digits:
        box = Box(*(side + start for side, start in zip(digit.box, (left, top) * 2, strict=True)))
        part, how = part_in(box, pieces)
        if part.mask.any():  # else the reader sees a digit where no ink is
            found.append(Found(part, digit, how))
    used = [one.part for one in found]
    missed = [piece for piece in pieces if covered(piece, used) < COVERED]
    found += [Found(piece, None, ()) for piece in missed]
    return sorted(found, key=lambda one: one.part.box.left + one.part.box.right)


def covered(piece: Piece, parts: list[Piece]) -> float:
    """Return the share of a piece's ink that is inside the boxes of parts."""
    inside = np.zeros_like(piece.mask)
    for part in parts:
        common = _common(part.box, piece.box)
        if common is not None:
            inside[_inside(common, piece.box)] = True
    return float((piece.mask & inside).sum() / piece.mask.sum())


def judged(
    digit: Digit, by_line: LineDigit, classes: NDArray[Any], alphabet: str, weight: float
) -> Digit:
    """Return the classifier's digit with the probabilities and the label of both readers.

    The logarithms of their probabilities are averaged. A digit that was cut off its neighbour is
    decided more by the reader, which sees it whole; one that is alone in its line by the
    classifier. What the classifier takes for no digit stays "?" if it was not cut.
    """
    if digit.label == UNCERTAIN and weight < OF_CUT:
        return digit
    names = classes.astype(str)
    known = np.isin(names, list(alphabet))
    if not known.any():
        return with_flags(digit, DISAGREE)
    by_reader = np.zeros(len(classes))
    by_reader[known] = [by_line.probabilities[alphabet.index(name)] for name in names[known]]
    by_reader[names == str(NO_DIGIT)] = 1 - sum(by_line.probabilities)
    mixed = (digit.probabilities + DOUBT) ** (1 - weight) * (by_reader + DOUBT) ** weight
    probabilities = (mixed / mixed.sum()).astype(digit.probabilities.dtype)
    best = int(np.where(known, probabilities, 0).argmax())
    agreed = by_line.label == str(digit.label)
    digit = digit._replace(
        label=classes[best], confidence=float(probabilities[best]), probabilities=probabilities
    )
    return digit if agreed else with_flags(digit, DISAGREE)


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
