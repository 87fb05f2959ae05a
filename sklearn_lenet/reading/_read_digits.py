"""read_digits: every digit in one picture, where it is, what it says, and how sure that is."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from sklearn.pipeline import Pipeline

from ..datasets import NO_DIGIT
from ..images import (
    STROKE,
    DigitImageReader,
    Ink,
    NoDigitFoundError,
    ink_of,
    mask_of,
    normalised,
    opened,
    read_digit,
)
from ._default_model import default_model
from ._deskew import Turn, skew_of
from ._digit import UNCERTAIN, Digit
from ._piece import Box, Piece
from ._piece_shape import (
    has_more_loops,
    is_broad,
    is_plain_stroke,
    is_too_wide,
    is_wide,
    one_of_halves,
)
from ._ruled_lines import without_lines
from ._segmentation import pieces_of
from ._touching_digits import partitions

SURE, LIKELY = 0.85, 0.5
"""The confidence from which on parts are digits of their own, and a broad piece may be one."""

DOUBTED = 0.05
"""The probability of being none above which a digit is marked."""

MARGIN = 3
"""Pixels of paper that a piece keeps around it while it is brought to MNIST's form."""


def read_digits(
    image: Any,
    model: Any = None,
    *,
    min_confidence: float = 0.0,
    stroke_width: float = STROKE,
) -> list[Digit]:
    """Read a line or a block of separate digits: a form field, a postcode, an amount.

    The picture is made upright where its lines lean by up to 15 degrees; specks, commas, dashes,
    ruled lines and the boxes of forms are left out. Digits that touch are cut where all parts are
    surely read; what else may be two is one "?", or is marked as ``touching`` where one is
    likelier. What a model that learned `add_non_digits` surely takes for none is "?" as well, and
    what it doubts is marked.

    Parameters
    ----------
    image : path, PIL image or array
        The picture.
    model : fitted classifier or pipeline, default=None
        What reads each digit: it takes rows of 784 pixels as MNIST has them, or pictures
        where it begins with a `DigitImageReader`. None takes a small model that is trained on
        first use and cached.
    min_confidence : float, default=0.0
        The label of a digit with less probability is "?".
    stroke_width : float, default=2.6
        As in `DigitImageReader`.

    Returns
    -------
    digits : list of Digit
        In reading order: line by line, each from the left.

    Raises
    ------
    NoDigitFoundError
        Where the picture is blank, or holds nothing but specks and lines.

    See Also
    --------
    DigitImageReader : For pictures of one digit each.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.datasets import load_digits
    >>> from sklearn_lenet import DigitImageReader, LeNet5Classifier, read_digits
    >>> X, y = load_digits(return_X_y=True)
    >>> rows = DigitImageReader().fit_transform(X)
    >>> model = LeNet5Classifier(max_epochs=10, random_state=0).fit(rows, y)
    >>> page = np.zeros((60, 120), dtype=np.uint8)
    >>> page[10:42, 20:52] = np.kron(X[2].reshape(8, 8) * 15, np.ones((4, 4)))
    >>> page[14:46, 70:102] = np.kron(X[4].reshape(8, 8) * 15, np.ones((4, 4)))
    >>> [int(digit.label) for digit in read_digits(page, model)]
    [2, 4]
    """
    if not 0 <= min_confidence <= 1:
        raise ValueError(f"min_confidence={min_confidence} is no probability: use 0 to 1.")
    model = _on_rows(default_model() if model is None else model)
    picture, factor = opened(image)
    ink = ink_of(picture)
    turn = Turn(ink.shape, skew_of(mask_of(ink, pens=True)))
    ink = turn.turned(ink)
    found = pieces_of(without_lines(mask_of(ink, pens=True)))
    if not found:
        raise NoDigitFoundError("the picture holds lines or specks, but no digit.")
    read = _labelled(found, ink, model, stroke_width)
    for k in reversed(range(len(found) - 1)):
        if both := one_of_halves(found[k], found[k + 1]):
            digit = _labelled([both], ink, model, stroke_width)[both.box]
            surer = digit.confidence > _least(found[k : k + 2], read) or not is_broad(both)
            if surer and digit.confidence >= SURE:
                found[k : k + 2] = [both]
                read[both.box] = digit._replace(touching=True)
    digits = [digit for piece in found for digit in _settled(piece, read, ink, model, stroke_width)]
    return [_reported(digit, turn, factor, min_confidence) for digit in digits]


def read_one(image: Any, model: Any, *, min_confidence: float = 0.0) -> Digit:
    """Read a picture of one digit, all of whose ink is taken for that digit."""
    steps = read_digit(image)
    (probabilities,) = _on_rows(model).predict_proba(steps.digit.reshape(1, -1))
    rows, columns = ndimage.find_objects(steps.mask.astype(np.int8))[0]
    label, confidence, _ = _said(model, probabilities)
    return Digit(
        label=label if confidence >= min_confidence else UNCERTAIN,
        confidence=confidence,
        box=Box(columns.start, rows.start, columns.stop, rows.stop),
        probabilities=probabilities,
        line=0,
        touching=False,
        image=steps.digit,
    )


def _on_rows(model: Any) -> Any:
    """Return the part of a model that takes rows of 784 pixels."""
    if not hasattr(model, "predict_proba"):
        raise TypeError(
            f"{type(model).__name__} came as model, but read_digits needs predict_proba: pass a "
            "fitted classifier, or a Pipeline that ends in one."
        )
    if isinstance(model, Pipeline) and isinstance(model.steps[0][1], DigitImageReader):
        return model[1:]
    return model


def _labelled(pieces: list[Piece], ink: Ink, model: Any, stroke_width: float) -> dict[Box, Digit]:
    """Return what the model makes of each piece, by its box."""
    images = np.stack([_normalised(piece, ink, stroke_width) for piece in pieces])
    probabilities = model.predict_proba(images.reshape(len(images), -1))
    read = {}
    for piece, row, image in zip(pieces, probabilities, images, strict=True):
        label, confidence, doubted = _said(model, row)
        read[piece.box] = Digit(label, confidence, piece.box, row, piece.line, doubted, image)
    return read


def _said(model: Any, probabilities: NDArray[np.float32]) -> tuple[Any, float, bool]:
    """Return the likeliest digit, its probability, and whether it may as well be none.

    The digit is "?" where that is sure: what a model takes for none may still be an odd one.
    """
    is_none = model.classes_.astype(str) == str(NO_DIGIT)
    digits = np.where(is_none, 0, probabilities)
    none, best = float(probabilities[is_none].sum()), digits.argmax()
    label = UNCERTAIN if none >= SURE else model.classes_[best]
    return label, float(digits[best]), none > DOUBTED


def _normalised(piece: Piece, ink: Ink, stroke_width: float) -> NDArray[np.uint8]:
    """Return a piece as MNIST would have it; its neighbours' ink is left out."""
    box, (height, width) = piece.box, ink.shape
    rows = slice(max(box.top - MARGIN, 0), min(box.bottom + MARGIN, height))
    columns = slice(max(box.left - MARGIN, 0), min(box.right + MARGIN, width))
    mask = np.zeros((rows.stop - rows.start, columns.stop - columns.start), dtype=bool)
    top, left = box.top - rows.start, box.left - columns.start
    mask[top : top + piece.height, left : left + piece.width] = piece.mask
    return normalised(ink[rows, columns], mask, stroke_width)[1]


def _settled(
    piece: Piece, read: dict[Box, Digit], ink: Ink, model: Any, stroke_width: float
) -> list[Digit]:
    """Return the digits of a piece that may be two: its parts, or one, or one "?".

    Of a wide piece two digits are the likelier, of a broad one a single digit: a one with a
    long upstroke comes in two sure parts as well, and so does a zero that goes round too far,
    but the whole is surer there. What is kept whole is marked where it is wide, where it is not
    sure, and where it could be cut.
    """
    whole = read[piece.box]
    if has_more_loops(whole.image, whole.label):
        whole = whole._replace(touching=True)
    if not is_broad(piece) and whole.label != UNCERTAIN:
        return [whole]
    ways = partitions(piece)
    parts = {part.box: part for way in ways for part in way}
    read = _labelled(list(parts.values()), ink, model, stroke_width) if parts else {}
    best = max(ways, key=lambda way: _least(way, read), default=[])
    least = _least(best, read) if best else 0.0
    wide, is_sure = is_wide(piece), whole.confidence >= SURE
    may_be_one = not is_too_wide(piece) and whole.confidence >= LIKELY
    upstroke = may_be_one and any(is_plain_stroke(part) for part in best)
    if least >= SURE and not upstroke and (wide or least >= whole.confidence):
        return [read[part.box]._replace(touching=True) for part in best]
    if may_be_one and (is_sure or not (wide and ways)):
        may_be_two = whole.touching or wide or bool(ways) or not is_sure
        return [whole._replace(touching=may_be_two)]
    return [whole._replace(label=UNCERTAIN, touching=True)]


def _least(way: list[Piece], read: dict[Box, Digit]) -> float:
    return min(read[part.box].confidence for part in way)


def _reported(digit: Digit, turn: Turn, factor: int, min_confidence: float) -> Digit:
    """Return a digit with its box in the picture as it came, and "?" where it is not sure."""
    box = Box(*(factor * side for side in turn.back(digit.box)))
    label = digit.label if digit.confidence >= min_confidence else UNCERTAIN
    return digit._replace(box=box, label=label)
