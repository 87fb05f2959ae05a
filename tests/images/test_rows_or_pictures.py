"""X as a table of numbers or as a sequence of pictures."""

import numpy as np
import pytest
from PIL import Image
from scipy.sparse import csr_array

from sklearn_lenet import DigitImageReader, UnreadableImageError
from sklearn_lenet.images._rows_or_pictures import as_sequence, is_table, squares_of


@pytest.mark.parametrize(
    ("X", "table"),
    [
        ([[0, 1], [2, 3]], True),
        (np.zeros((3, 4)), True),
        (csr_array(np.zeros((3, 4))), True),
        (np.zeros((3, 4, 4)), False),
        ([np.zeros((4, 4))], False),
        (["a.png"], False),
        ([], False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_table_has_a_row_per_picture(X, table):
    assert is_table(X) is table


def test_one_picture_is_a_sequence_of_one(tmp_path):
    image = Image.new("L", (5, 5))
    for source in (image, "a.png", tmp_path):
        assert as_sequence(source) == [source]
    with pytest.raises(UnreadableImageError, match="X is of type float; pass a list of pictures"):
        as_sequence(3.5)


def test_float_rows_are_stretched_and_enlarged():
    squares = squares_of(np.array([[5.0, 9.0, 5.0, 5.0], [0.0, 0.0, 2.0, 0.0]]))
    assert squares.shape == (2, 28, 28)
    assert squares[0, :14, 14:].min() == squares[1, 14:, :14].min() == 1.0
    assert squares[0].sum() == squares[1].sum() == 14 * 14


def test_a_number_is_not_a_sequence():
    with pytest.raises(
        (UnreadableImageError, ValueError), match=r"X is of type int|Reshape your data"
    ):
        DigitImageReader().transform(7)
