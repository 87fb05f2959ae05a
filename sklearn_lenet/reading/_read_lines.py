"""The digits of a page, line by line: a line reader finds and reads them, a classifier judges."""

from __future__ import annotations

from collections import Counter
from itertools import groupby, pairwise
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
from ._one_or_two import SURE
from ._page_reader import PADDING, PageReader, flag_strange
from ._piece import Box, Piece, box_around
from ._piece_shape import has_more_loops, has_thick_stroke, is_wide

OF_ISOLATED, OF_WHOLE, OF_CUT = 0.0, 0.5, 0.7
"""The weight of the line reader against the classifier: for a digit that is alone in its line, for
one that touches no other, and for one that was cut off another one."""

DOUBT = 1e-4
"""This is added to each probability, so that no reader can exclude a label by itself."""

MAY_BE_MORE = 0.25
"""A digit may be two if the line reader gives more characters at least this probability."""

MAY_BE_TWO_STROKES = 0.01
"""It may also be two from this probability on if one of its strokes is as thick as two."""

COVERED = 0.5
"""A piece with less than this share of its ink in the reader's digits was left out by it."""


class Found(NamedTuple):
    """The ink of a digit on a page, and what the line reader says about it."""

    part: Piece
    by_line: LineDigit | None
    """None if the reader sees no digit there."""
    how: tuple[str, ...]
    """How the part was made of pieces."""
    pieces: tuple[Piece, ...]
    """The pieces of which it was made."""


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
    for one, alone in zip(found, page.label([one.part for one in found]), strict=True):
        isolated = n_in_line[one.part.line] == 1
        digits.append(_decided(one, alone, page.model.classes_, reader.alphabet_, isolated))
    return flag_strange(page.model, _with_whole_pieces(page, found, digits))


def _decided(
    one: Found, alone: Digit, classes: NDArray[Any], alphabet: str, isolated: bool
) -> Digit | None:
    """Return a digit as both readers see it, or None if neither sees one."""
    if one.by_line is None:
        if alone.label == UNCERTAIN:
            return None
        digit = with_flags(alone, DISAGREE)
    else:
        weight = OF_CUT if CUT in one.how else OF_ISOLATED if isolated else OF_WHOLE
        digit = judged(alone, one.by_line, classes, alphabet, weight)
    if is_wide(one.part) or has_more_loops(digit.image, digit.label) or may_be_more(one):
        digit = with_flags(digit, TOUCHING)
    return with_flags(digit, *one.how)


def may_be_more(one: Found) -> bool:
    """Return whether the line reader or the ink say that what was found may be two digits."""
    of_more = one.by_line.of_more if one.by_line else 0.0
    is_possible = of_more >= MAY_BE_TWO_STROKES
    return of_more >= MAY_BE_MORE or (is_possible and has_thick_stroke(one.part))


def _with_whole_pieces(
    page: PageReader, found: list[Found], digits: list[Digit | None]
) -> list[Digit]:
    """Return the digits, with pieces in place of unsure parts if the classifier is sure of them."""
    groups = sharing_pieces(found)
    tried = [_pieces_to_try(found[group], digits[group]) for group in groups]
    labels = iter(page.label([piece for pieces in tried for piece in pieces]))
    chosen: list[Digit | None] = []
    for group, pieces in zip(groups, tried, strict=True):
        whole = [with_flags(next(labels), DISAGREE) for _ in pieces]
        is_sure = len(whole) > 0 and all(digit.confidence >= SURE for digit in whole)
        chosen += whole if is_sure else digits[group]
    return [digit for digit in chosen if digit is not None]


def _pieces_to_try(parts: list[Found], digits: list[Digit | None]) -> list[Piece]:
    """Return the pieces of which unsure parts were made; none if all parts are sure or whole."""
    is_sure = all(digit is not None and digit.confidence >= SURE for digit in digits)
    if is_sure or not any(part.how for part in parts):
        return []
    return list({piece.box: piece for part in parts for piece in part.pieces}.values())


def sharing_pieces(found: list[Found]) -> list[slice]:
    """Return the neighbours that were made of the same pieces, as slices."""
    starts = [
        k
        for k, one in enumerate(found)
        if k == 0 or not {p.box for p in one.pieces} & {p.box for p in found[k - 1].pieces}
    ]
    return [slice(*ends) for ends in pairwise([*starts, len(found)])]


def _found_in(ink: Ink, reader: DigitStringReader, pieces: list[Piece]) -> list[Found]:
    """Return what the reader finds in the pieces of a line, and the pieces that it leaves out."""
    line, left, top = line_of(ink, pieces)
    digits = reader._read_line(line).digits
    if len(digits) == len(pieces):  # each piece is a digit, also where one leans over the other
        in_order = sorted(pieces, key=lambda piece: piece.middle)
        return [
            Found(piece, digit, (), (piece,)) for piece, digit in zip(in_order, digits, strict=True)
        ]
    found = []
    for digit in digits:
        box = Box(*(side + start for side, start in zip(digit.box, (left, top) * 2, strict=True)))
        part, how, made_of = part_in(box, pieces)
        if part.mask.any():  # else the reader sees a digit where no ink is
            found.append(Found(part, digit, how, made_of))
    used = [one.part for one in found]
    missed = [piece for piece in pieces if covered(piece, used) < COVERED]
    found += [Found(piece, None, (), (piece,)) for piece in missed]
    return sorted(found, key=lambda one: one.part.middle)


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
    classifier. The label is "?" if both together are sure that it is not a digit.
    """
    names = classes.astype(str)
    known, is_non_digit = np.isin(names, list(alphabet)), names == str(NO_DIGIT)
    if not known.any():
        return with_flags(digit, DISAGREE)
    by_reader = np.zeros(len(classes))
    by_reader[known] = [by_line.probabilities[alphabet.index(name)] for name in names[known]]
    by_reader[is_non_digit] = 1 - sum(by_line.probabilities)
    mixed = (digit.probabilities + DOUBT) ** (1 - weight) * (by_reader + DOUBT) ** weight
    probabilities = (mixed / mixed.sum()).astype(digit.probabilities.dtype)
    best = int(np.where(known, probabilities, 0).argmax())
    label = UNCERTAIN if probabilities[is_non_digit].sum() >= SURE else classes[best]
    agreed = by_line.label == str(digit.label)
    digit = digit._replace(
        label=label, confidence=float(probabilities[best]), probabilities=probabilities
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


def part_in(box: Box, pieces: list[Piece]) -> tuple[Piece, tuple[str, ...], tuple[Piece, ...]]:
    """Return the ink of a line inside a box, how it was made of pieces, and these pieces."""
    mask = np.zeros((box.bottom - box.top, box.right - box.left), dtype=bool)
    inside, is_cut = [], False
    for piece in pieces:
        common = _common(box, piece.box)
        if common is None:
            continue
        ink = piece.mask[_inside(common, piece.box)]
        if ink.any():
            mask[_inside(common, box)] |= ink
            inside.append(piece)
            is_cut |= bool(ink.sum() < 0.9 * piece.mask.sum())
    flags = (CUT,) if is_cut else (JOINED,) if len(inside) > 1 else ()
    return Piece(box, mask, pieces[0].line), flags, tuple(inside)


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
