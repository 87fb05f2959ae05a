"""PadNormalizer: images on a padded field, with normalised pixels, as flat rows."""

from __future__ import annotations

from numbers import Integral
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin, _fit_context
from sklearn.utils import Tags
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import _check_feature_names_in, check_array

from ..utils import (
    Field,
    Pixels,
    PixelScale,
    background,
    check_fits,
    check_fitted,
    check_images,
    lay_on_field,
    learn_scale,
    take_from_field,
)

PIXEL_TYPES = [np.float32, np.float64, np.uint8]
"""Floats keep their precision; every other type becomes float32 in the end."""

LECUN_PAPER, LECUN_INK = -0.1, 1.175
"""The values of background and ink in LeCun et al., 1998."""


def unit_scale(pixels: PixelScale, _paper: float) -> tuple[float, float]:
    """Return the shift and scale that take the pixels to 0..1."""
    return pixels.lowest, (pixels.highest - pixels.lowest) or 1.0


def standard_scale(pixels: PixelScale, _paper: float) -> tuple[float, float]:
    """Return the shift and scale that take the pixels to mean 0 and deviation 1."""
    return pixels.mean, pixels.deviation


def lecun_scale(pixels: PixelScale, paper: float) -> tuple[float, float]:
    """Return the shift and scale that take paper to -0.1 and full ink to 1.175.

    Ink is the end of the range that lies further from the paper, so black on
    white comes out as white on black.

    >>> shift, scale = lecun_scale(PixelScale(30.0, 70.0, 0.0, 255.0, 200.0), paper=0.0)
    >>> round((0 - shift) / scale, 3), round((255 - shift) / scale, 3)
    (-0.1, 1.175)
    """
    ink = max(pixels.highest, pixels.lowest, key=lambda value: abs(value - paper))
    scale = (ink - paper) / (LECUN_INK - LECUN_PAPER) or 1.0
    return paper - LECUN_PAPER * scale, scale


SCALES = {"lecun": lecun_scale, "standard": standard_scale, "unit": unit_scale}


class PadNormalizer(TransformerMixin, BaseEstimator):
    """Lay images on a padded square field and normalise their pixels.

    The field and the scale are those of LeNet-5's paper by default: 28x28 digits
    with a border of two on 32x32, background -0.1, ink 1.175. The output is flat,
    so that an SVM or a forest can stand behind it as well as a net.

    Parameters
    ----------
    size : int, default=32
        Side of the field, at least 5.
    scale : {"lecun", "standard", "unit"}, default="lecun"
        "lecun" takes the background to -0.1 and full ink to 1.175, "standard"
        takes all pixels to mean 0 and deviation 1, "unit" to the range 0 to 1.
        One shift and one scale, learned in ``fit``, serve all pixels.

    Attributes
    ----------
    image_shape_ : Shape
        Height and width of the images; of the square, where X held rows.
    background_ : float
        The pixel value of the paper: the median of the images' corners.
    shift_, scale_ : float
        A pixel x becomes ``(x - shift_) / scale_``.
    n_features_in_ : int
        Pixels of one image.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        The columns' names, where X had string ones.

    See Also
    --------
    LeNet5Classifier : Pads and scales by itself, in the same way.

    Notes
    -----
    X may be ``(n, p)``, ``(n, h, w)``, ``(n, 1, h, w)`` or ``(n, h, w, 1)``. Images are
    laid on the field by the rule that `LeNet5Classifier` states in its notes.
    float32 and float64 stay what they are, other types become float32.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.svm import SVC
    >>> from sklearn_lenet import PadNormalizer
    >>> X, y = load_digits(return_X_y=True)
    >>> PadNormalizer().fit_transform(X).shape
    (1797, 1024)
    >>> pipe = make_pipeline(PadNormalizer(), SVC()).fit(X[:1000], y[:1000])
    >>> pipe.score(X[1000:], y[1000:]) > 0.9
    True
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "size": [Interval(Integral, 5, None, closed="left")],
        "scale": [StrOptions(set(SCALES))],
    }

    def __init__(self, *, size: int = 32, scale: str = "lecun") -> None:
        self.size = size
        self.scale = scale

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: ArrayLike, y: Any = None) -> Self:  # noqa: ARG002 - scikit-learn's signature
        """Learn the images' shape, background and scale.

        Parameters
        ----------
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The images.
        y : None
            Ignored.

        Returns
        -------
        self : object
            The fitted transformer.
        """
        rows, _ = check_images(self, X, dtype=PIXEL_TYPES, reset=True)
        check_fits(self.image_shape_, self.n_features_in_, self._field(), "size")
        self.background_ = background(rows, self.image_shape_)
        self.shift_, self.scale_ = SCALES[self.scale](learn_scale(rows), self.background_)
        return self

    def transform(self, X: ArrayLike) -> Pixels:
        """Pad and normalise images.

        Parameters
        ----------
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The images.

        Returns
        -------
        rows : ndarray of shape (n, size * size)
            The fields, flat.
        """
        check_fitted(self)
        rows, _ = check_images(self, X, dtype=PIXEL_TYPES, reset=False)
        fields = lay_on_field(rows, self.image_shape_, self._field(), self.background_)
        if fields.dtype == np.uint8:
            fields = fields.astype(np.float32)
        fields -= fields.dtype.type(self.shift_)
        fields /= fields.dtype.type(self.scale_)
        return fields.reshape(len(fields), -1)

    def inverse_transform(self, X: ArrayLike) -> Pixels:
        """Take the images off the field and give their pixels the old scale back.

        Parameters
        ----------
        X : array-like of shape (n, size * size)
            Rows as `transform` returns them.

        Returns
        -------
        rows : ndarray of shape (n, `n_features_in_`)
            The images, flat.
        """
        check_fitted(self)
        rows: Pixels = check_array(
            X, dtype=[np.float32, np.float64], input_name="X", estimator=self
        )
        if rows.shape[1] != self.size**2:
            raise ValueError(
                f"X came with {rows.shape[1]} values a row, but size={self.size} makes "
                f"{self.size**2}."
            )
        fields = rows.reshape(-1, self.size, self.size)
        pixels = take_from_field(fields, self.image_shape_, self._field(), self.n_features_in_)
        number = pixels.dtype.type
        restored: Pixels = pixels * number(self.scale_) + number(self.shift_)
        return restored

    def get_feature_names_out(self, input_features: ArrayLike | None = None) -> NDArray[Any]:
        """Return the names of the field's pixels: pixel_0_0, pixel_0_1, ...

        Parameters
        ----------
        input_features : array-like of str or None, default=None
            Checked against the names that ``fit`` saw, and otherwise unused.

        Returns
        -------
        names : ndarray of shape (size * size,), of str objects
            Row, then column, counted from 0.
        """
        check_fitted(self)
        _check_feature_names_in(self, input_features)
        side = range(self.size)
        return np.array([f"pixel_{row}_{column}" for row in side for column in side], dtype=object)

    def _field(self) -> Field:
        return Field.bordered(self.size)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags
