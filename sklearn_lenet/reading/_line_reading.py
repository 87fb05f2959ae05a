"""LineReading and LineDigit: what `DigitStringReader` knows about a line and its characters."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ._piece import Box

if TYPE_CHECKING:
    from ._line_form import LineForm, LineInk

GAP = 0.1
"""The ink of a digit ends at a gap wider than this share of the height of the text."""


class LineDigit(NamedTuple):
    """One character of a line.

    Parameters
    ----------
    label : str
        The character.
    confidence : float
        The probability of this character in its place, if the other characters are right.
    box : Box
        Its place in the picture: ``left``, ``top``, ``right`` and ``bottom`` in pixels.
    probabilities : tuple of float
        The probability of each character of the reader's ``alphabet_`` in this place. They sum to
        less than 1; the rest is the probability that no character is there.
    of_more : float, default=0.0
        The probability that this is more than one character.

    See Also
    --------
    LineReading : The line that it belongs to.

    Examples
    --------
    >>> from sklearn_lenet import LineDigit
    >>> LineDigit("7", 0.93, (10, 4, 22, 40), (0.04, 0.93)).label
    '7'
    """

    label: str
    confidence: float
    box: Box
    probabilities: tuple[float, ...]
    of_more: float = 0.0


class LineReading(NamedTuple):
    """The text of a picture of a line, as `DigitStringReader.read` returns it.

    Parameters
    ----------
    text : str
        The most probable text; "" for a blank line, "?" if its confidence is below
        ``min_confidence`` or if no text of the pattern fits into the line.
    confidence : float
        The probability of the text among all texts, or among all that match the pattern.
    digits : list of LineDigit
        Its characters from the left; those of the most probable text if the text is "?".

    See Also
    --------
    DigitStringReader : Reads lines.

    Examples
    --------
    >>> from sklearn_lenet import LineDigit, LineReading
    >>> digit = LineDigit("7", 0.93, (10, 4, 22, 40), (0.04, 0.93))
    >>> reading = LineReading("7", 0.9, [digit])
    >>> reading.text, reading.confidence
    ('7', 0.9)
    """

    text: str
    confidence: float
    digits: list[LineDigit]


def boxes_of(line: LineInk, form: LineForm, centres: list[float]) -> list[Box]:
    """Return the boxes of characters in the picture, given their middle columns in the strip.

    Neighbours are parted where the least ink is between their middles.
    """
    width = line.mask.shape[1]
    places = [min(max(form.left + centre / form.scale, 0.0), width - 1.0) for centre in centres]
    ink = line.mask.sum(axis=0)
    parts = [0]
    for first, second in pairwise(places):
        start, stop = int(first), max(int(second), int(first) + 1)
        between = ink[start : stop + 1]
        middle = (len(between) - 1) / 2
        # Of equal columns the one in the middle.
        order = np.lexsort((np.abs(np.arange(len(between)) - middle), between))
        parts.append(start + int(order[0]))
    parts.append(width)
    gap = max(1, round(GAP * (line.bottom - line.top)))
    boxes = []
    for place, left, right in zip(places, parts[:-1], parts[1:], strict=True):
        first, end = _around(ink[left:right] > 0, int(place) - left, gap)
        boxes.append(_scaled(_tight(line.mask, left + first, left + end), line.factor))
    return boxes


def _around(inked: NDArray[np.bool_], place: int, gap: int) -> tuple[int, int]:
    """Return the ends of the ink around a place, up to the first gap on each side.

    >>> inked = np.array([1, 0, 0, 0, 1, 1, 0, 1, 0, 0, 0, 1], dtype=bool)
    >>> _around(inked, 5, gap=2)
    (4, 8)
    """
    columns = np.flatnonzero(inked)
    if not len(columns):
        return 0, len(inked)
    nearest = int(np.abs(columns - place).argmin())
    wide = np.diff(columns) > gap
    before, behind = np.flatnonzero(wide[:nearest]), np.flatnonzero(wide[nearest:])
    first = columns[before[-1] + 1] if len(before) else columns[0]
    last = columns[nearest + behind[0]] if len(behind) else columns[-1]
    return int(first), int(last) + 1


def _tight(mask: NDArray[np.bool_], left: int, right: int) -> Box:
    """Return the bounding box of the ink between two columns; all rows if there is none."""
    rows, columns = np.nonzero(mask[:, left:right])
    if not len(rows):
        return Box(left, 0, right, mask.shape[0])
    return Box(
        left + int(columns.min()),
        int(rows.min()),
        left + int(columns.max()) + 1,
        int(rows.max()) + 1,
    )


def _scaled(box: Box, factor: int) -> Box:
    return Box(*(factor * side for side in box))
