"""The check of labels and probabilities."""

import numpy as np
import pytest
from helpers import exactly

from sklearn_lenet.inspection._predictions import check_predictions

Y_PROB = [[0.25, 0.75], [1.0, 0.0], [0.5, 0.5]]


def test_lists_become_arrays_and_columns_are_counted():
    y_true, y_prob, labels = check_predictions([1, 0, 1], Y_PROB, None)
    assert y_true.tolist() == [1, 0, 1]
    np.testing.assert_array_equal(y_prob, np.array(Y_PROB))
    assert labels.tolist() == [0, 1]


def test_labels_of_the_columns_are_kept():
    assert check_predictions(list("aba"), Y_PROB, ["a", "b"])[2].tolist() == ["a", "b"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ([0, 1, 0], np.ones((3, 2)), [1]),
            "y_prob has 2 columns but classes has 1 labels; pass one label for each column.",
        ),
        (
            ([0, 1], [[0.5, 1.5], [0.5, 0.5]], None),
            "y_prob has values from 0.5 to 1.5; pass probabilities from 0 to 1.",
        ),
        (
            ([0, 1], [[-3, 0.5], [0.5, 0.5]], None),
            "y_prob has values from -3 to 0.5; pass probabilities from 0 to 1.",
        ),
        (
            ([0, 1], [[1.0, 0.0]], None),
            "Found input variables with inconsistent numbers of samples: [2, 1]",
        ),
    ],
    ids=["columns", "above one", "below zero", "rows"],
)
def test_errors(arguments, message):
    with pytest.raises(ValueError, match=exactly(message)):
        check_predictions(*arguments)


def test_nan_is_an_error_that_names_the_probabilities():
    with pytest.raises(ValueError, match="y_prob contains NaN"):
        check_predictions([0], [[np.nan, 1.0]], None)
