"""PadNormalizer: images on a padded field with normalised pixels, as flat rows."""

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
    LARGEST_SIDE,
    DocLinkMixin,
    Field,
    Pixels,
    PixelScale,
    background,
    by_block,
    check_fits,
    check_fitted,
    check_images,
    inverted_rows,
    lay_on_field,
    learn_scale,
    other_end,
    take_from_field,
)

FIELD_TYPES = [np.float32, np.float64, np.uint8]
"""float32 and float64 keep their type; every other type becomes float32 in the end."""

LECUN_BACKGROUND = -0.1
"""The value of the background in LeCun et al. (1998)."""

LECUN_INK = 1.175
"""The value of full ink in LeCun et al. (1998)."""


def unit_scale(pixels: PixelScale, _background: float) -> tuple[float, float]:
    """Return the shift and divisor that map the pixels to the range 0 to 1."""
    return pixels.lowest, (pixels.highest - pixels.lowest) or 1.0


def standard_scale(pixels: PixelScale, _background: float) -> tuple[float, float]:
    """Return the shift and divisor that give the pixels the mean 0 and the deviation 1."""
    return pixels.mean, pixels.deviation


def lecun_scale(pixels: PixelScale, background: float) -> tuple[float, float]:
    """Return the shift and divisor that map the background to -0.1 and full ink to 1.175.

    Ink is the end of the range that is further from the background, so black on white becomes
    white on black.

    >>> shift, divisor = lecun_scale(PixelScale(30.0, 70.0, 0.0, 255.0, 200.0), background=0.0)
    >>> round((0 - shift) / divisor, 3), round((255 - shift) / divisor, 3)
    (-0.1, 1.175)
    """
    ink = max(pixels.highest, pixels.lowest, key=lambda value: abs(value - background))
    divisor = (ink - background) / (LECUN_INK - LECUN_BACKGROUND) or 1.0
    return background - LECUN_BACKGROUND * divisor, divisor


SCALES = {"lecun": lecun_scale, "standard": standard_scale, "unit": unit_scale}
"""The function for each name that the parameter ``scale`` takes."""


class PadNormalizer(DocLinkMixin, TransformerMixin, BaseEstimator):
    """Lay images on a padded square field, give them one polarity and normalise their pixels.

    By default the field and the scale are those of LeCun et al. (1998): 28x28 digits with a
    border of two pixels on 32x32, background -0.1, ink 1.175. The output rows are flat, so that
    any classifier can follow: an SVM, a random forest or a net.

    Parameters
    ----------
    size : int, default=32
        Side of the field, from 5 to 1024.
    scale : {"lecun", "standard", "unit"}, default="lecun"
        "lecun" maps the background to -0.1 and full ink to 1.175, "standard" gives the pixels
        the mean 0 and the deviation 1, "unit" maps them to the range 0 to 1. All pixels have the
        same shift and divisor, which ``fit`` learns.
    match_polarity : bool, default=True
        Invert each image that is dark on light if most images in ``fit`` were light on dark, or
        inversely. An image counts as inverted if most of its corners are ink. Images of less than
        8x8 pixels are never inverted.

    Attributes
    ----------
    size_ : int
        Side of the field.
    image_shape_ : Shape
        Height and width of the images; those of the square if X contained flat rows.
    background_ : float
        The pixel value of the background: the median of the images' corners.
    ink_ : float or None
        The pixel value of full ink. None if nothing is inverted: ``match_polarity`` is False, the
        images have less than 8x8 pixels, or they have no clear background.
    shift_, divisor_ : float
        A pixel x becomes ``(x - shift_) / divisor_``.
    mirror_ : float
        A pixel x of an inverted image first becomes ``mirror_ - x``.
    n_features_in_ : int
        Pixels of one image.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns, if X had strings as names.

    See Also
    --------
    LeNet5Classifier : Pads and standardises by itself; it does not invert images, but warns.

    Notes
    -----
    X may be ``(n, p)``, ``(n, h, w)``, ``(n, 1, h, w)`` or ``(n, h, w, 1)``. Images are
    laid on the field by the rule in the notes of `LeNet5Classifier`. float32 and float64 keep
    their type, other types become float32.

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
        "size": [Interval(Integral, 5, LARGEST_SIDE, closed="both")],
        "scale": [StrOptions(set(SCALES))],
        "match_polarity": ["boolean"],
    }

    def __init__(
        self, *, size: int = 32, scale: str = "lecun", match_polarity: bool = True
    ) -> None:
        self.size = size
        self.scale = scale
        self.match_polarity = match_polarity

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
        rows, _ = check_images(self, X, dtype=FIELD_TYPES, reset=True)
        field = Field.bordered(int(self.size))
        check_fits(self.image_shape_, self.n_features_in_, field, "size")
        self.size_ = field.size
        self.background_ = background(rows, self.image_shape_)
        scale = learn_scale(rows)
        self.shift_, self.divisor_ = SCALES[self.scale](scale, self.background_)
        self.ink_: float | None = None
        self.mirror_ = scale.lowest + scale.highest
        if self.match_polarity:
            ends = scale.lowest, scale.highest
            self.ink_ = other_end(self.image_shape_, self.n_features_in_, self.background_, *ends)
        return self

    @by_block
    def transform(self, X: ArrayLike) -> Pixels:
        """Pad and normalise images.

        Parameters
        ----------
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The images; those of Dask give a lazy array.

        Returns
        -------
        rows : ndarray of shape (n, size * size)
            The fields, flat.
        """
        check_fitted(self)
        rows, _ = check_images(self, X, dtype=FIELD_TYPES, reset=False)
        rows = self._with_one_polarity(rows)
        fields = lay_on_field(rows, self.image_shape_, self._field(), self.background_)
        if fields.dtype == np.uint8:
            fields = fields.astype(np.float32)
        fields -= fields.dtype.type(self.shift_)
        fields /= fields.dtype.type(self.divisor_)
        return fields.reshape(len(fields), -1)

    def inverse_transform(self, X: ArrayLike) -> Pixels:
        """Return the images without the field, with pixels in the original scale.

        Images that were inverted stay inverted.

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
        if rows.shape[1] != self.size_**2:
            raise ValueError(
                f"X has {rows.shape[1]} values per row, but size={self.size_} needs "
                f"{self.size_**2}."
            )
        fields = rows.reshape(-1, self.size_, self.size_)
        pixels = take_from_field(fields, self.image_shape_, self._field(), self.n_features_in_)
        number = pixels.dtype.type
        restored: Pixels = pixels * number(self.divisor_) + number(self.shift_)
        return restored

    def get_feature_names_out(self, input_features: ArrayLike | None = None) -> NDArray[Any]:
        """Return the names of the field's pixels: pixel_0_0, pixel_0_1, ...

        Parameters
        ----------
        input_features : array-like of str or None, default=None
            Checked against the names in ``fit``, otherwise not used.

        Returns
        -------
        names : ndarray of shape (size * size,), of str objects
            Row, then column, counted from 0.
        """
        check_fitted(self)
        _check_feature_names_in(self, input_features)
        side = range(self.size_)
        return np.array([f"pixel_{row}_{column}" for row in side for column in side], dtype=object)

    def _with_one_polarity(self, rows: Pixels) -> Pixels:
        """Return the rows with the background that they had in fit."""
        if self.ink_ is None:
            return rows
        # The range is twice the distance of the ink from its middle.
        span = abs(2 * self.ink_ - self.mirror_)
        inverted = inverted_rows(rows, self.image_shape_, self.ink_, span)
        if inverted.any():
            rows = rows.copy()
            mirrored = self.mirror_ - rows[inverted].astype(np.float64)
            rows[inverted] = np.clip(mirrored, 0, 255) if rows.dtype == np.uint8 else mirrored
        return rows

    def __setstate__(self, state: dict[str, Any]) -> None:
        # Earlier pickles have no polarity.
        state.setdefault("match_polarity", False)
        if "shift_" in state:
            state.setdefault("ink_", None)
            state.setdefault("mirror_", 0.0)
        super().__setstate__(state)

    def _field(self) -> Field:
        return Field.bordered(self.size_)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags
