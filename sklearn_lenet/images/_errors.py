"""The errors of reading pictures."""

from __future__ import annotations


class UnreadableImageError(ValueError):
    """A source that is no picture, or none that can be read.

    Examples
    --------
    >>> from sklearn_lenet import DigitImageReader, UnreadableImageError
    >>> try:
    ...     DigitImageReader().transform(3.5)
    ... except UnreadableImageError as error:
    ...     print(error)
    X is float: pass a list of pictures.
    """


class NoDigitFoundError(ValueError):
    """A picture without ink on it.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_lenet import DigitImageReader, NoDigitFoundError
    >>> try:
    ...     DigitImageReader().transform([np.full((40, 40), 255, dtype=np.uint8)])
    ... except NoDigitFoundError as error:
    ...     print(error)
    picture 0 is blank: no ink stands out from the paper.
    """
