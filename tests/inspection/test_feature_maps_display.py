"""FeatureMapsDisplay draws the activations of each layer."""

import numpy as np
import pytest
from helpers import drawn_values, exactly
from matplotlib import pyplot as plt

from sklearn_lenet import FeatureMapsDisplay, LeNet5Classifier, activations


def test_feature_maps_are_the_activations(digits, net):
    X = digits[0][:2]
    display = FeatureMapsDisplay.from_estimator(net, X)
    assert list(display.maps) == ["input", "C1", "S2", "C3", "S4", "C5", "F6", "output"]
    for layer in display.maps:
        np.testing.assert_array_equal(display.maps[layer], activations(net, X, layer))
    s2 = drawn_values(display.axes_[1, 2])
    np.testing.assert_array_equal(s2[:14, 15:29], activations(net, X, "S2")[1, 1])
    f6 = drawn_values(display.axes_[0, 6])
    np.testing.assert_array_equal(f6, activations(net, X, "F6")[0].reshape(12, 7))
    predicted = [axes.get_xlabel() for axes in display.axes_[:, -1]]
    assert predicted == [f"predicted: {label}" for label in net.predict(X)]


def test_feature_maps_of_some_layers_and_of_dense_nets(digits, net, dense):
    X = digits[0][:3]
    display = FeatureMapsDisplay.from_estimator(net, X, layers="s4")
    assert display.axes_.shape == (3, 1)
    display = FeatureMapsDisplay.from_estimator(dense, X)
    assert list(display.maps) == ["input", "hidden1", "hidden2", "output"]
    np.testing.assert_allclose(
        drawn_values(display.axes_[0, 0]), activations(dense, X, "input")[0].reshape(8, 8)
    )


def test_units_are_drawn_as_a_grid(digits):
    maps = {"hidden1": np.arange(15.0)[None], "output": np.arange(3.0)[None]}
    display = FeatureMapsDisplay(maps, np.arange(3)).plot()
    grid = drawn_values(display.axes_[0, 0])
    np.testing.assert_array_equal(grid, [*np.arange(12.0).reshape(3, 4), [12, 13, 14, np.nan]])
    np.testing.assert_array_equal(drawn_values(display.axes_[0, 1]), [[0], [1], [2]])


def test_titles_say_what_a_layer_contains(digits, net):
    display = FeatureMapsDisplay.from_estimator(net, digits[0][:1])
    titles = [axes.get_title() for axes in display.axes_[0]]
    assert titles == [
        "input\n32x32", "C1\n6 of 28x28", "S2\n6 of 14x14", "C3\n16 of 10x10", "S4\n16 of 5x5",
        "C5\n120 units", "F6\n84 units", "output\n10 scores",
    ]  # fmt: skip


def test_the_display_looks_inside_pipelines(digits, pipeline):
    assert FeatureMapsDisplay.from_estimator(pipeline, digits[0][:1]).axes_.shape == (1, 8)


def test_scores_are_named_by_string_labels(digits):
    X, y = digits
    words = np.array(["zero", "one", "two"])
    few = y < 3
    clf = LeNet5Classifier(max_epochs=1, random_state=0).fit(X[few], words[y[few]])
    display = FeatureMapsDisplay.from_estimator(clf, X[few][:1], layers=["output"])
    labels = [label.get_text() for label in display.axes_[0, -1].get_yticklabels()]
    assert labels == ["one", "two", "zero"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            lambda: {"layers": ["S9"]},
            "layer='S9' is not a layer of this net; use one of input, C1, S2, C3, S4, C5, F6, "
            "output.",
        ),
        (
            lambda: {"ax": plt.subplots(1, 2)[1]},
            "ax contains 2 axes; FeatureMapsDisplay needs 24, or a single axes that it divides.",
        ),
    ],
    ids=["an unknown layer", "too few axes"],
)
def test_errors(options, message, digits, net):
    with pytest.raises(ValueError, match=exactly(message)):
        FeatureMapsDisplay.from_estimator(net, digits[0][:3], **options())
