"""DigitImageReader: pictures of single digits, from anywhere, become rows as MNIST has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from numbers import Real
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin, _fit_context
from sklearn.utils import Tags
from sklearn.utils._param_validation import Interval

from ..utils import PIXEL_TYPES, check_images
from ._mnist_form import SIDE
from ._read_digit import BLANK, ReadingSteps, read_digit
from ._stroke_width import STROKE
from ._tabular_rows import are_rows, pictures, squares


class DigitImageReader(TransformerMixin, BaseEstimator):
    """Turn pictures of single digits into rows of 784 pixels, made the way MNIST was.

    A picture is a path, a PIL image or an array of any size: a photo, a scan, a drawing. It
    is put upright by its EXIF tag and laid on white where it is transparent; paper and ink
    are told apart whatever their colours and however uneven the light; specks are dropped,
    strokes are brought to a width that MNIST's have, the longer side to 20 pixels, and the
    centre of mass to the middle of 28x28.

    Nets that read 99 % of MNIST read far less of pictures that are merely resized.

    Parameters
    ----------
    stroke_width : float, default=2.6
        The least width of strokes, in pixels of 28x28: the mean of MNIST's. Thinner ones are
        widened to it; those that are wider by up to a quarter are left as they are, since many of
        MNIST's are, and wider ones thinned to that.

    See Also
    --------
    PadNormalizer : What can follow it, before a classifier.
    read_digits : Finds several digits in one picture.

    Notes
    -----
    The reader learns nothing; ``fit`` only checks the parameter. A two-dimensional array of
    numbers is taken as scikit-learn's estimators take it, a picture in each row: laid row by
    row on the smallest square that holds it, and held to the number of columns in ``fit``. A
    row of equal numbers becomes a blank one there.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_lenet import DigitImageReader
    >>> page = np.full((90, 120, 3), 250, dtype=np.uint8)
    >>> page[20:70, 58:62] = (30, 60, 200)  # a blue 1 on nearly white paper
    >>> rows = DigitImageReader().fit_transform([page])
    >>> rows.shape, rows.dtype
    ((1, 784), dtype('uint8'))
    >>> rows.reshape(28, 28)[14, 10:18].tolist()
    [0, 0, 32, 255, 255, 32, 0, 0]
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "stroke_width": [Interval(Real, 1, 8, closed="both")],
    }

    def __init__(self, *, stroke_width: float = STROKE) -> None:
        self.stroke_width = stroke_width

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Any = None, y: Any = None) -> Self:  # noqa: ARG002 - scikit-learn's signature
        """Check the parameter; there is nothing to learn.

        Parameters
        ----------
        X : ignored
            Pictures.
        y : ignored
            Labels.

        Returns
        -------
        self : object
            The reader.
        """
        self.__dict__.pop("n_features_in_", None)
        self.__dict__.pop("feature_names_in_", None)
        self._sources(X, reset=True)
        return self

    def transform(self, X: Any) -> NDArray[np.uint8]:
        """Read pictures of one digit each.

        Parameters
        ----------
        X : sequence of paths, PIL images or arrays, or an array of shape (n, h, w[, c])
            The pictures; one path or one PIL image counts as a sequence of one.

        Returns
        -------
        rows : ndarray of shape (n, 784), uint8
            White digits on black.

        Raises
        ------
        NoDigitFoundError
            Where a picture is blank.
        UnreadableImageError
            Where it is no picture.
        """
        rows = [steps.digit.ravel() for steps in self._read(X)]
        return np.stack(rows) if rows else np.empty((0, SIDE * SIDE), dtype=np.uint8)

    def return_steps(self, X: Any) -> list[ReadingSteps]:
        """Return each picture after each step, to see where a reading went wrong.

        Parameters
        ----------
        X : sequence of paths, PIL images or arrays
            The pictures.

        Returns
        -------
        steps : list of ReadingSteps
            ``picture``, ``ink``, ``mask``, ``stroke`` and ``digit`` of each.
        """
        return list(self._read(X))

    def _read(self, X: Any) -> Iterator[ReadingSteps]:
        self._validate_params()
        table = are_rows(X)
        for place, source in enumerate(self._sources(X, reset=False)):
            if table and np.ptp(source) == 0:
                yield BLANK
            else:
                yield read_digit(source, f"picture {place}", self.stroke_width)

    def _sources(self, X: Any, *, reset: bool) -> Iterable[Any]:
        """Return X as a sequence of pictures; rows of numbers become squares."""
        if X is None or not are_rows(X):
            return () if X is None else pictures(X)
        rows, _ = check_images(self, X, dtype=PIXEL_TYPES, reset=reset)
        return squares(rows)

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:  # noqa: ARG002 - scikit-learn's signature
        """Return ``pixel0`` to ``pixel783``.

        Parameters
        ----------
        input_features : ignored
            Pictures have no features.

        Returns
        -------
        names : ndarray of str
            A name for each column.
        """
        return np.array([f"pixel{k}" for k in range(SIDE * SIDE)], dtype=object)

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        tags.input_tags.string = True
        tags.input_tags.three_d_array = True
        tags.transformer_tags.preserves_dtype = []
        return tags
