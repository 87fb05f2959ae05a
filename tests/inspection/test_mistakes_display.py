"""MistakesDisplay finds and draws the most confident mistakes."""

import numpy as np
import pytest
from helpers import drawn_values, exactly
from sklearn.ensemble import RandomForestClassifier

from sklearn_lenet import MistakesDisplay
from sklearn_lenet.inspection._mistakes_display import images_of


def test_mistakes_are_in_the_order_of_their_confidence():
    X = np.arange(6 * 4).reshape(6, 4)
    y_true = np.array(list("aabbab"))
    y_prob = np.array([[0.9, 0.1], [0.3, 0.7], [0.95, 0.05], [0.2, 0.8], [0.45, 0.55], [0.6, 0.4]])
    display = MistakesDisplay.from_predictions(X, y_true, y_prob, classes=["a", "b"], n_shown=3)
    assert display.y_true.tolist() == ["b", "a", "b"]
    assert display.y_pred.tolist() == ["a", "b", "a"]
    assert display.confidences.tolist() == [0.95, 0.7, 0.6]
    assert (display.n_mistakes, display.n_rows) == (4, 6)
    np.testing.assert_array_equal(drawn_values(display.axes_[0]), X[2].reshape(2, 2))
    assert display.axes_[0].get_title() == "b as a\n95.0%"
    assert display.figure_.get_suptitle() == "4 mistakes in 6 digits, the 3 most confident shown"


def test_arguments_have_the_names_of_scikit_learn():
    display = MistakesDisplay.from_predictions(X=[[1.0]], y_true=[0], y_prob=[[0.25, 0.75]])
    attributes = {"images": [[[1.0]]], "y_true": [0], "y_pred": [1], "confidences": [0.75]}
    assert {name: getattr(display, name).tolist() for name in attributes} == attributes


def test_without_a_mistake_the_figure_is_empty(digits):
    X, y = digits
    display = MistakesDisplay.from_predictions(X[:4], y[:4], np.eye(10)[y[:4]])
    assert len(display.axes_) == 0
    assert display.figure_.get_suptitle() == "0 mistakes in 4 digits"


def test_any_classifier_can_be_drawn(digits):
    X, y = digits
    forest = RandomForestClassifier(5, random_state=0).fit(X[:200], y[:200])
    display = MistakesDisplay.from_estimator(forest, X[200:], y[200:])
    assert display.n_mistakes == (forest.predict(X[200:]) != y[200:]).sum()


def test_rows_become_square_images():
    assert images_of([[1, 2, 3, 4, 5]]).tolist() == [[[1, 2, 3], [4, 5, 0], [0, 0, 0]]]
    for shape in [(2, 3, 4), (2, 1, 3, 4), (2, 3, 4, 1)]:
        X = np.arange(24).reshape(shape)
        np.testing.assert_array_equal(images_of(X), X.reshape(2, 3, 4))


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (
            ([[1.0]] * 3, [0, 1, 0], np.ones((3, 2))),
            {"classes": [1]},
            "y_prob has 2 columns but classes has 1 labels; pass one label for each column.",
        ),
        (
            ([[1.0]], [0], [[1.0]]),
            {"n_shown": 0},
            "n_shown=0 is too small; use 1 or more.",
        ),
        (
            ([[1.0]], [0, 1], [[1.0], [1.0]]),
            {},
            "Found input variables with inconsistent numbers of samples: [1, 2]",
        ),
    ],
    ids=["columns", "n_shown", "rows"],
)
def test_errors(arguments, options, message):
    with pytest.raises(ValueError, match=exactly(message)):
        MistakesDisplay.from_predictions(*arguments, **options)
