"""LinePredictor: the texts of lines, as a trained net and a beam search read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..estimators import FittedNet
from ..images import as_sequence, is_table, squares_of
from ..nets import STRIDE
from ..training import padded
from ..utils import PIXEL_TYPES, check_fitted, check_images, threads
from ._digit import UNCERTAIN
from ._line_decoding import Decoded, decoded
from ._line_form import LineForm, LineInk, line_form, line_ink
from ._line_reading import LineDigit, LineReading, boxes_of
from ._line_texts import as_integers, texts_of
from ._pattern import compiled

VIEWS = ((1.0, 0.0), (0.85, 0.0), (1.18, -0.25), (1.18, 0.25))
"""The net reads each line at these sizes of the text, with these slants."""


class LinePredictor(FittedNet):
    """Abstract: reads lines with a fitted net."""

    pattern: str | int | None
    min_confidence: float
    n_threads: int | None
    alphabet_: str
    integers_: bool

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the text of each picture.

        Parameters
        ----------
        X : sequence of paths, PIL images or arrays
            Pictures of one line each.

        Returns
        -------
        texts : ndarray of shape (n,), str or int
            "" for a blank line, "?" for a text with less confidence than ``min_confidence``. If
            y contained integers: integers, and -1 in these two cases.
        """
        texts = [reading.text for reading in self.read(X)]
        return as_integers(texts) if self.integers_ else np.array(texts, dtype=str)

    def read(self, X: Any) -> list[LineReading]:
        """Return the text of each picture, with its confidence and the places of its digits.

        Parameters
        ----------
        X : sequence of paths, PIL images or arrays
            Pictures of one line each.

        Returns
        -------
        readings : list of LineReading
            One for each picture.
        """
        check_fitted(self)
        return [self._read_line(line) for line in self._lines_of(X)]

    def return_strips(self, X: Any) -> list[NDArray[np.float32]]:
        """Return each picture as the net sees it: a strip of ink, 32 pixels high.

        Parameters
        ----------
        X : sequence of paths, PIL images or arrays
            Pictures of one line each.

        Returns
        -------
        strips : list of ndarray of shape (32, width), float32
            The ink from 0 to 1; digits are about 20 pixels high.
        """
        return [line_form(line).strip * np.float32(1 / 255) for line in self._lines_of(X)]

    def column_probabilities(self, X: Any) -> list[NDArray[np.float64]]:
        """Return the probability of each symbol along each line, from which the text is decoded.

        Parameters
        ----------
        X : sequence of paths, PIL images or arrays
            Pictures of one line each.

        Returns
        -------
        probabilities : list of ndarray of shape (n_columns, 1 + n_characters)
            Row k is for the columns 2k and 2k + 1 of the strip. The first symbol is the blank, "no
            character here"; then come the characters of ``alphabet_``.
        """
        check_fitted(self)
        return [self._probabilities([line_form(line)])[0] for line in self._lines_of(X)]

    def _lines_of(self, X: Any) -> Iterator[LineInk]:
        """Yield the ink of each picture."""
        yield from inks_of(pictures_of(self, X, reset=False))

    def _read_line(self, line: LineInk) -> LineReading:
        views = VIEWS[:1] if line.is_blank else VIEWS
        forms = [line_form(line, size, slant) for size, slant in views]
        pattern = compiled(self.pattern, self.alphabet_)
        found = decoded(self._probabilities(forms), pattern)
        if found.text is None:
            return LineReading(UNCERTAIN, 0.0, [])
        digits = self._digits(line, forms[found.view], found)
        is_sure = found.probability >= self.min_confidence
        text = "".join(digit.label for digit in digits) if is_sure else UNCERTAIN
        return LineReading(text, found.probability, digits)

    def _digits(self, line: LineInk, form: LineForm, found: Decoded) -> list[LineDigit]:
        centres = [STRIDE * (first + end) / 2 for first, end in found.columns]
        boxes = boxes_of(line, form, centres) if centres else []
        return [
            LineDigit(self.alphabet_[code - 1], shares[code - 1], box, tuple(shares), of_more)
            for code, shares, box, of_more in zip(
                found.text or (),
                found.of_places.tolist(),
                boxes,
                found.of_more.tolist(),
                strict=True,
            )
        ]

    def score(self, X: Any, y: ArrayLike, sample_weight: ArrayLike | None = None) -> float:
        """Return the share of pictures whose text is read without any mistake.

        Parameters
        ----------
        X : sequence of paths, PIL images or arrays
            Pictures of one line each.
        y : array-like of shape (n,)
            What is written on each line.
        sample_weight : array-like of shape (n,), default=None
            The weight of each picture.

        Returns
        -------
        score : float
            From 0 to 1.
        """
        texts = texts_of(y)
        found = [reading.text for reading in self.read(X)]
        is_right = [one == text for one, text in zip(found, texts, strict=True)]
        weights = None if sample_weight is None else np.asarray(sample_weight)
        return float(np.average(is_right, weights=weights))

    def _probabilities(self, forms: Sequence[LineForm]) -> list[NDArray[np.float64]]:
        """Return the probability of each symbol in each column of each strip."""
        import torch

        with threads(self.n_threads), torch.inference_mode():
            logits = self.module_(padded([form.strip for form in forms], self.device_))
            shares = logits.double().softmax(2).cpu().numpy()
        return [
            share[: form.strip.shape[1] // STRIDE]
            for share, form in zip(shares, forms, strict=True)
        ]


def pictures_of(reader: Any, X: Any, *, reset: bool) -> Iterable[Any]:
    """Return X as a sequence of pictures; the rows of a table become square pictures."""
    if not is_table(X):
        return as_sequence(X)
    rows, _ = check_images(reader, X, dtype=PIXEL_TYPES, reset=reset)
    squares: Iterable[Any] = squares_of(rows)
    return squares


def inks_of(pictures: Iterable[Any]) -> Iterator[LineInk]:
    """Yield the ink of each picture of a line; errors name the number of the picture."""
    for k, picture in enumerate(pictures):
        yield line_ink(picture, f"picture {k}")
