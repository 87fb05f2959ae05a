"""The field of LeNet-5: the square on which images are laid."""

from __future__ import annotations

from ..utils import Field, Shape

DIGIT_SIZE = 28
"""Side of an MNIST digit, and of the field of ``input_size=None`` for images up to this size."""


def field_of(input_size: int | None, image_shape: Shape) -> Field:
    """Return the field of a net; None for the smallest that has room for a digit or an image."""
    if input_size is None:
        size = max(DIGIT_SIZE, *image_shape)
        return Field(size, box=size)
    return Field.bordered(input_size)
