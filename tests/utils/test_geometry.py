"""Rows to squares to fields, by hand."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from sklearn_lenet.utils._geometry import (
    Field,
    Shape,
    background,
    background_of,
    check_fits,
    corner_values,
    enlargement,
    image_shape,
    lay_on_field,
    smallest_square,
    take_from_field,
)

LENET = Field.bordered(32)


@pytest.mark.parametrize(
    ("n_values", "side"), [(1, 1), (2, 2), (4, 2), (5, 3), (64, 8), (65, 9), (784, 28)]
)
def test_smallest_square(n_values, side):
    assert smallest_square(n_values) == (side, side)


@pytest.mark.parametrize(
    ("side", "factor"),
    [(1, 28), (2, 14), (8, 3), (9, 3), (10, 2), (14, 2), (15, 1), (28, 1), (30, 1), (32, 1)],
)
def test_a_small_square_is_enlarged_to_nearly_fill_28(side, factor):
    assert enlargement(Shape(side, side), LENET.box) == factor


@pytest.mark.parametrize("shape", [(5,), (), (2, 3, 28, 28), (2, 28, 28, 3), (2, 1, 1, 28, 28)])
def test_other_shapes_are_named_beside_the_accepted_ones(shape):
    with pytest.raises(ValueError, match="Reshape your data") as error:
        image_shape(shape)
    assert str(shape) in str(error.value)
    assert "(n, p), (n, h, w), (n, 1, h, w), (n, h, w, 1) or (n, h, w, 3)" in str(error.value)


def test_a_digit_of_28_gets_a_border_of_two():
    digit = np.arange(1, 785).reshape(1, 784)
    field = lay_on_field(digit, Shape(28, 28), LENET, 0)[0]
    assert_array_equal(field[2:30, 2:30], digit.reshape(28, 28))
    assert np.count_nonzero(field) == 784


def test_a_digit_of_8_becomes_24_and_lies_in_the_middle():
    digit = np.arange(1, 65).reshape(1, 64)
    field = lay_on_field(digit, Shape(8, 8), LENET, 0)[0]
    assert_array_equal(field[4:28, 4:28], np.kron(digit.reshape(8, 8), np.ones((3, 3))))
    assert np.count_nonzero(field) == 24 * 24


def test_what_a_row_leaves_of_its_square_is_background():
    field = lay_on_field(np.array([[1, 2, 3]]), Shape(2, 2), Field(2, 2), 9)[0]
    assert_array_equal(field, [[1, 2], [3, 9]])


def test_an_oblong_image_is_centred_whole():
    image = np.ones((1, 6))
    field = lay_on_field(image, Shape(3, 2), Field(8, 6), 0)[0]
    assert_array_equal(field[1:7, 2:6], np.ones((6, 4)))
    assert field.sum() == 24


@pytest.mark.parametrize(
    ("n_values", "shape", "size"),
    [(3, (2, 2), 32), (784, (28, 28), 32), (6, (3, 2), 9), (1, (1, 1), 5)],
)
def test_taking_undoes_laying(n_values, shape, size):
    rows = np.random.default_rng(0).normal(size=(4, n_values))
    field = Field.bordered(size)
    fields = lay_on_field(rows, Shape(*shape), field, 7.0)
    assert fields.shape == (4, size, size)
    assert_array_equal(take_from_field(fields, Shape(*shape), field, n_values), rows)


def test_laying_keeps_the_type_and_the_callers_rows():
    rows = np.zeros((2, 4), dtype=np.uint8)
    rows.setflags(write=False)
    assert lay_on_field(rows, Shape(2, 2), LENET, 255).dtype == np.uint8


def test_background_is_the_median_corner():
    images = np.full((3, 3, 3), 5)
    images[:, [0, 0, 2, 2], [0, 2, 0, 2]] = [[0, 0, 0, 9], [0, 0, 0, 9], [0, 0, 9, 9]]
    assert background(images.reshape(3, 9), Shape(3, 3)) == 0
    assert background(255 - images.reshape(3, 9), Shape(3, 3)) == 255


def test_background_of_a_row_that_does_not_fill_its_square():
    assert background(np.array([[4.0, 4.0]]), Shape(2, 2)) == 4


def test_a_weight_is_a_row_repeated_in_the_background():
    rows = np.random.default_rng(0).normal(size=(9, 6))
    times = np.array([0, 1, 2, 3, 0, 1, 2, 1, 4])
    weighted = background(rows, Shape(3, 3), times.astype(float))
    assert weighted == background(rows.repeat(times, axis=0), Shape(3, 3))


def test_too_large_an_image_names_the_field_and_what_would_do():
    with pytest.raises(
        ValueError,
        match=r"2000 values .* 45x45, but the field of input_size=32 has room for 32x32",
    ):
        check_fits(Shape(45, 45), 2000, LENET, "input_size")
    check_fits(Shape(32, 32), 1024, LENET, "input_size")


def test_the_background_of_parts_is_that_of_the_whole():
    rng = np.random.default_rng(0)
    rows, weights = rng.integers(0, 5, (30, 9)), rng.uniform(0, 2, 30)
    shape = Shape(3, 3)
    parts = [corner_values(rows[k::3], shape, weights[k::3]) for k in range(3)]
    assert background_of(parts) == background(rows, shape, weights)
    corners = rows[:, [0, 2, 6, 8]]
    assert background(rows, shape) == np.sort(corners.ravel())[corners.size // 2 - 1]
