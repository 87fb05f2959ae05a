"""The field of LeNet-5 by its parameter and the shape of the images."""

import pytest

from sklearn_lenet.estimators._field import field_of
from sklearn_lenet.utils import Shape


@pytest.mark.parametrize(
    ("input_size", "shape", "size", "box"),
    [
        (32, Shape(28, 28), 32, 28),
        (None, Shape(28, 28), 28, 28),
        (None, Shape(8, 8), 28, 28),
        (None, Shape(40, 20), 40, 40),
    ],
)
def test_the_field(input_size, shape, size, box):
    field = field_of(input_size, shape)
    assert (field.size, field.box) == (size, box)
