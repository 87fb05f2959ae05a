"""Images on a square field of background: pure NumPy functions.

The notes of `LeNet5Classifier` state the rule: a row is laid on the smallest square, the square
is enlarged by an integer factor until it nearly fills the field, and it is centred there.

The background is the median of the images' corners. This is right for white on black, for black
on white, and for pixels of any scale.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[Any]
"""An array of pixels of any dtype."""

ACCEPTED_SHAPES = "(n, p), (n, h, w), (n, 1, h, w), (n, h, w, 1) or (n, h, w, 3)"

LARGEST_SIDE = 1024
"""The side of the largest field. LeNet-5 on a field of this size has 122 million weights."""

SMALLEST_COLOUR_SIDE = 16
"""Flat rows of three times a square of at least this side are flat images in colour."""

BORDER = 2
"""Pixels between a digit of full size and the edge of the field."""


class Shape(NamedTuple):
    """Height and width of an image or of a square."""

    height: int
    width: int

    def __str__(self) -> str:
        return f"{self.height}x{self.width}"


class Field(NamedTuple):
    """The square that images are laid on, and the side of the box that they may fill."""

    size: int
    box: int

    @classmethod
    def bordered(cls, size: int) -> Field:
        """Return a field with the border of LeCun et al. (1998): 28x28 pixels on 32x32."""
        return cls(size, size - 2 * BORDER)


def image_shape(shape: tuple[int, ...]) -> Shape | None:
    """Return the shape of the images in an array of this shape; None for flat rows.

    >>> image_shape((5, 28, 28)), image_shape((5, 28, 28, 1)), image_shape((5, 784))
    (Shape(height=28, width=28), Shape(height=28, width=28), None)
    """
    match shape:
        case (_, _):
            return None
        case (_, height, width) | (_, 1, height, width) | (_, height, width, 1):
            return Shape(height, width)
    raise ValueError(f"Reshape your data: X has shape {shape}, but {ACCEPTED_SHAPES} is needed.")


def smallest_square(n_values: int) -> Shape:
    """Return the smallest square with at least ``n_values`` pixels.

    >>> smallest_square(784), smallest_square(2)
    (Shape(height=28, width=28), Shape(height=2, width=2))
    """
    side = math.isqrt(n_values - 1) + 1
    return Shape(side, side)


def background(rows: Pixels, shape: Shape, weights: NDArray[np.float64] | None = None) -> float:
    """Return the median of the images' corner pixels."""
    return background_of([corner_values(rows, shape, weights)])


Corners = tuple[NDArray[Any], NDArray[np.float64]]
"""The different values of corner pixels, and the sum of the weights of each."""


def corner_values(
    rows: Pixels, shape: Shape, weights: NDArray[np.float64] | None = None
) -> Corners:
    """Return the values of the images' corner pixels."""
    corners = rows[:, corners_of(shape, rows.shape[1])]
    values, places = np.unique(corners, return_inverse=True)
    of_rows = np.ones(len(rows)) if weights is None else weights
    of_corners = np.repeat(of_rows, corners.shape[1])
    sums: NDArray[np.float64] = np.bincount(places.ravel(), of_corners, len(values)).astype(float)
    return values, sums


def background_of(corners: Sequence[Corners]) -> float:
    """Return the weighted median of corner pixels from one place or several places.

    >>> background_of([(np.array([0, 9]), np.array([1.0, 1.0])), (np.array([9]), np.array([2.0]))])
    9.0
    """
    values = np.concatenate([values for values, _ in corners])
    weights = np.concatenate([weights for _, weights in corners])
    return float(np.quantile(values, 0.5, weights=weights, method="inverted_cdf"))


def corners_of(shape: Shape, n_values: int) -> list[int]:
    """Return the places of the corners in a flat row.

    >>> corners_of(Shape(2, 3), 6), corners_of(Shape(3, 3), 7)
    ([0, 2, 3, 5], [0, 2, 6])
    """
    height, width = shape
    corners = {0, width - 1, (height - 1) * width, height * width - 1}
    # A row with fewer values than its square lacks the last corners.
    return sorted(corner for corner in corners if corner < n_values)


def enlargement(shape: Shape, box: int) -> int:
    """Return the largest integer factor at which an image fits into the box, at least 1."""
    return max(1, box // max(shape))


def lay_on_field(rows: Pixels, shape: Shape, field: Field, fill: float) -> Pixels:
    """Return (n, size, size) fields of ``fill`` with an image centred on each.

    >>> lay_on_field(np.array([[1, 2, 3, 4]]), Shape(2, 2), Field(4, 4), 0)[0]
    array([[1, 1, 2, 2],
           [1, 1, 2, 2],
           [3, 3, 4, 4],
           [3, 3, 4, 4]])
    """
    n, n_values = rows.shape
    if n_values < shape.height * shape.width:
        square = np.full((n, shape.height * shape.width), fill, dtype=rows.dtype)
        square[:, :n_values] = rows
        rows = square
    factor = enlargement(shape, field.box)
    images = rows.reshape(n, *shape)
    if factor > 1:
        images = images.repeat(factor, axis=1).repeat(factor, axis=2)
    fields = np.full((n, field.size, field.size), fill, dtype=rows.dtype)
    top, left = field_corner(shape, field)
    fields[:, top : top + images.shape[1], left : left + images.shape[2]] = images
    return fields


def take_from_field(fields: Pixels, shape: Shape, field: Field, n_values: int) -> Pixels:
    """Invert `lay_on_field`: return the (n, n_values) rows on the fields."""
    factor = enlargement(shape, field.box)
    top, left = field_corner(shape, field)
    bottom, right = top + factor * shape.height, left + factor * shape.width
    images = fields[:, top:bottom:factor, left:right:factor]
    return images.reshape(len(fields), -1)[:, :n_values]


def field_corner(shape: Shape, field: Field) -> tuple[int, int]:
    """Return the row and the column of the field at which an enlarged image begins."""
    factor = enlargement(shape, field.box)
    return (field.size - factor * shape.height) // 2, (field.size - factor * shape.width) // 2


def check_fits(shape: Shape, n_values: int, field: Field, parameter: str) -> None:
    """Raise a ValueError if an image of ``shape`` is larger than the field or any field."""
    side = math.isqrt(n_values // 3)
    if n_values == 3 * side**2 and side >= SMALLEST_COLOUR_SIDE:
        raise ValueError(
            f"X has {n_values} values per row, as colour images of {side}x{side} have: use "
            f"X.reshape(-1, {side}, {side}, 3), or convert the images to grey."
        )
    if max(*shape, field.size) > LARGEST_SIDE:
        raise ValueError(
            f"X has {n_values} values per row, images of {shape}, but fields have at most "
            f"{LARGEST_SIDE}x{LARGEST_SIDE} pixels: shrink the images."
        )
    if max(shape) > field.size:
        raise ValueError(
            f"X has {n_values} values per row, images of {shape}, but the field of "
            f"{parameter}={field.size} has room for {field.size}x{field.size} pixels: shrink the "
            f"images or set {parameter}={max(shape)}."
        )
