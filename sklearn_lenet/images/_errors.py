"""The errors that reading a picture may raise."""

from __future__ import annotations


class UnreadableImageError(ValueError):
    """The input is not a picture, or a picture that cannot be read.

    Examples
    --------
    >>> from sklearn_lenet import DigitImageReader, UnreadableImageError
    >>> try:
    ...     DigitImageReader().transform(3.5)
    ... except UnreadableImageError as error:
    ...     print(error)
    X is of type float; pass a list of pictures.
    """


class NoDigitFoundError(ValueError):
    """The picture contains no ink, or none that may be a digit.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_lenet import DigitImageReader, NoDigitFoundError
    >>> try:
    ...     DigitImageReader().transform([np.full((40, 40), 255, dtype=np.uint8)])
    ... except NoDigitFoundError as error:
    ...     print(error)
    picture 0 is blank: no ink stands out from the background.
    """
