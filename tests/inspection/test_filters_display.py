"""FiltersDisplay draws the weights of the net."""

import numpy as np
import pytest
from helpers import drawn_values, exactly
from matplotlib import pyplot as plt
from sklearn.exceptions import NotFittedError

from sklearn_lenet import DenseDigitClassifier, FiltersDisplay, LeNet5Classifier


def test_filters_are_the_weights(net):
    display = FiltersDisplay.from_estimator(net)
    weights = net.module_.c1.weight.detach().numpy()
    np.testing.assert_array_equal(display.filters["C1"], weights)
    assert list(display.filters) == ["C1", "C3"]
    first, second = display.axes_
    np.testing.assert_allclose(drawn_values(first)[:, :5], weights[0, 0])
    c3 = net.module_.c3.weight.detach().numpy()
    # The third filter on the second map: tiles of 5 pixels with a gap of one pixel.
    np.testing.assert_allclose(drawn_values(second)[6:11, 12:17], c3[2, 1])
    assert FiltersDisplay.from_estimator(net, layers="c5").filters["C5"].shape == (120, 16, 5, 5)


def test_titles_count_the_filters(net):
    titles = [axes.get_title() for axes in FiltersDisplay.from_estimator(net).axes_]
    assert titles == [
        "C1: 6 filters of 5x5",
        "C3: 16 filters of 5x5, one row for each of 6 input maps",
    ]


def test_filters_of_a_dense_net_are_images(dense):
    display = FiltersDisplay.from_estimator(dense)
    weights = dense.module_.hidden1.weight.detach().numpy()
    np.testing.assert_array_equal(display.filters["hidden1"][:, 0], weights[:64].reshape(-1, 8, 8))
    # Sixteen filters of 8 pixels in each row, with gaps of one pixel.
    values = drawn_values(display.axes_[0])
    assert values.shape == (4 * 9 - 1, 16 * 9 - 1)
    np.testing.assert_allclose(values[9:17, :8], weights[16].reshape(8, 8))


def test_the_display_looks_inside_pipelines(pipeline):
    assert list(FiltersDisplay.from_estimator(pipeline).filters) == ["C1", "C3"]


def test_one_axes_for_each_layer_can_be_given(net):
    figure, axes = plt.subplots(2, 1)
    display = FiltersDisplay.from_estimator(net, ax=axes)
    assert [one is other for one, other in zip(display.axes_, axes, strict=True)] == [True, True]
    assert display.figure_ is figure


@pytest.mark.parametrize(
    ("fixture", "layer", "message"),
    [
        ("net", "S2", "layer='S2' has no filters to draw; use one of C1, C3, C5."),
        ("dense", "hidden2", "layer='hidden2' has no filters to draw; use one of hidden1."),
    ],
)
def test_a_layer_without_filters_is_an_error(fixture, layer, message, request):
    with pytest.raises(ValueError, match=exactly(message)):
        FiltersDisplay.from_estimator(request.getfixturevalue(fixture), layers=[layer])


@pytest.mark.parametrize("Classifier", [LeNet5Classifier, DenseDigitClassifier])
def test_an_estimator_that_is_not_fitted_is_an_error(Classifier):
    with pytest.raises(NotFittedError, match=f"^{Classifier.__name__} is not fitted yet"):
        FiltersDisplay.from_estimator(Classifier())
