"""read_digits: all digits in a picture, with label, confidence and box; read_one: a single one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import ndimage
from sklearn.pipeline import Pipeline

from ..images import (
    STROKE,
    DigitImageReader,
    NoDigitFoundError,
    ink_of,
    mask_of,
    opened,
    read_digit,
)
from ._deskew import Rotation, skew_of
from ._digit import UNCERTAIN, Digit
from ._model_provider import default_model
from ._page_reader import PageReader, flag_strange, labelled
from ._piece import Box
from ._ruled_lines import without_lines
from ._segmentation import pieces_of

if TYPE_CHECKING:
    from ._digit_string_reader import DigitStringReader


def read_digits(
    image: Any,
    model: Any = None,
    *,
    reader: DigitStringReader | None = None,
    min_confidence: float = 0.0,
    stroke_width: float = STROKE,
) -> list[Digit]:
    """Read a line or a block of separate digits: a form field, a postcode, an amount.

    Lines that are skewed by up to 15 degrees are levelled. Specks, commas, dashes, ruled lines and
    the boxes of forms are left out. Touching digits are cut if the model is sure of all parts.
    What may be two digits has the label "?", or has the flag "touching" if one digit is more
    probable. A digit is flagged "maybe-not-a-digit" if the model's ``novelty_score`` of it is above
    ``novelty_threshold_``. If the model has learned `add_non_digits`, the label is also "?" where
    it is sure that there is no digit.

    Parameters
    ----------
    image : path, PIL image or array
        The picture.
    model : fitted classifier or pipeline, default=None
        The model that reads each digit. It takes rows of 784 pixels in MNIST's form, or it is a
        pipeline that begins with a `DigitImageReader`. None uses the pretrained model "digits".
    reader : DigitStringReader, default=None
        A fitted reader of lines. It decides where the digits of each line are. Their labels are
        decided by both: the logarithms of the probabilities of ``reader`` and ``model`` are
        averaged. If the two disagree, the digit has the flag "readers-disagree". With None,
        digits are found by their ink, and touching ones are cut.
    min_confidence : float, default=0.0
        The label of a digit with less confidence is "?".
    stroke_width : float, default=2.6
        The stroke width of the images, as in `DigitImageReader`.

    Returns
    -------
    digits : list of Digit
        The digits in reading order: line by line, each line from the left.

    Raises
    ------
    NoDigitFoundError
        If the picture is blank, or contains only specks and lines, or if ``reader`` finds no digit.

    See Also
    --------
    DigitImageReader : For pictures of one digit each.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.datasets import load_digits
    >>> from sklearn.neighbors import KNeighborsClassifier
    >>> from sklearn_lenet import DigitImageReader, read_digits
    >>> X, y = load_digits(return_X_y=True)
    >>> rows = DigitImageReader().fit_transform(X[:100])
    >>> model = KNeighborsClassifier(1).fit(rows, y[:100])
    >>> page = np.zeros((60, 120), dtype=np.uint8)
    >>> page[10:42, 20:52] = np.kron(X[2].reshape(8, 8) * 15, np.ones((4, 4)))
    >>> page[14:46, 70:102] = np.kron(X[4].reshape(8, 8) * 15, np.ones((4, 4)))
    >>> [int(digit.label) for digit in read_digits(page, model)]
    [2, 4]
    """
    check_min_confidence(min_confidence)
    model = model_for_rows(default_model() if model is None else model)
    picture, factor = opened(image)
    ink = ink_of(picture)
    mask = mask_of(ink, pens=True)
    rotation = Rotation(ink.shape, skew_of(mask))
    if rotation.degrees:
        ink = rotation.apply(ink)
        mask = mask_of(ink, pens=True)
    pieces = pieces_of(without_lines(mask))
    if not pieces:
        raise NoDigitFoundError("the picture contains lines or specks, but no digit.")
    page = PageReader(ink, model, stroke_width)
    if reader is None:
        digits = page.read(pieces)
    else:
        from ._read_lines import read_lines  # loads torch

        digits = read_lines(page, reader, pieces)
    if not digits:
        raise NoDigitFoundError("the line reader finds no digit in the picture.")
    return [
        _with_threshold(digit, min_confidence)._replace(
            box=Box(*(factor * side for side in rotation.undo(digit.box)))
        )
        for digit in digits
    ]


def read_one(image: Any, model: Any, *, min_confidence: float = 0.0) -> Digit:
    """Read a picture of one digit; all ink in it belongs to this digit."""
    model = model_for_rows(model)
    steps = read_digit(image)
    (probabilities,) = model.predict_proba(steps.digit.reshape(1, -1))
    rows, columns = ndimage.find_objects(steps.mask.astype(np.int8))[0]
    label, confidence, flags = labelled(model, probabilities)
    box = Box(columns.start, rows.start, columns.stop, rows.stop)
    digit = Digit(label, confidence, box, probabilities, 0, flags, steps.digit)
    (digit,) = flag_strange(model, [digit])
    return _with_threshold(digit, min_confidence)


def _with_threshold(digit: Digit, min_confidence: float) -> Digit:
    """Return the digit, without its label if the confidence is below the threshold."""
    return digit if digit.confidence >= min_confidence else digit._replace(label=UNCERTAIN)


def check_min_confidence(min_confidence: float) -> None:
    """Raise a ValueError if a threshold is not a probability."""
    if not 0 <= min_confidence <= 1:
        raise ValueError(f"min_confidence={min_confidence} is not a probability: use 0 to 1.")


def model_for_rows(model: Any) -> Any:
    """Return the part of a model that takes rows of 784 pixels."""
    if not hasattr(model, "predict_proba"):
        raise TypeError(
            f"model={type(model).__name__} has no predict_proba: pass a fitted classifier with "
            "probabilities, or a Pipeline that ends in one."
        )
    if isinstance(model, Pipeline) and isinstance(model.steps[0][1], DigitImageReader):
        return model[1:]
    return model
