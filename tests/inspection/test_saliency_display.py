"""SaliencyDisplay draws the digits and how much their pixels matter."""

import numpy as np
import pytest
from helpers import drawn_values, exactly

from sklearn_lenet import LeNet5Classifier, SaliencyDisplay


def test_digits_are_drawn_above_their_maps(digits, net):
    X = digits[0][:2]
    display = SaliencyDisplay.from_estimator(net, X)
    assert display.axes_.shape == (2, 2)
    assert display.targets.tolist() == net.predict(X).tolist()
    np.testing.assert_array_equal(drawn_values(display.axes_[0, 1]), display.images[1])
    np.testing.assert_array_equal(drawn_values(display.axes_[1, 1]), display.maps[1])


def test_maps_with_negative_values_have_colours_around_zero():
    images = np.zeros((1, 2, 2))
    for values, cmap, limits in [
        ([[0, 3], [1, 2]], "inferno", (0, 3)),
        ([[0, 3], [-4, 2]], "RdBu_r", (-4, 4)),
    ]:
        display = SaliencyDisplay(images, np.array([values]), np.array([7])).plot()
        (image,) = display.axes_[1, 0].get_images()
        assert (image.get_cmap().name, image.get_clim()) == (cmap, limits)


def test_the_display_looks_inside_pipelines(digits, pipeline):
    assert SaliencyDisplay.from_estimator(pipeline, digits[0][:1]).maps.shape == (1, 32, 32)


def test_targets_can_be_string_labels(digits):
    X, y = digits
    words = np.array(["zero", "one", "two"])
    few = y < 3
    clf = LeNet5Classifier(max_epochs=1, random_state=0).fit(X[few], words[y[few]])
    display = SaliencyDisplay.from_estimator(clf, X[few][:3], targets=["zero", "one", "two"])
    assert [axes.get_title() for axes in display.axes_[0]] == ["for zero", "for one", "for two"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "magic"}, "method='magic' is unknown; use one of gradient, occlusion."),
        (
            {"targets": [11]},
            "targets=[11] does not fit; pass one label for each digit, out of "
            "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].",
        ),
        (
            {"targets": [1, 2]},
            "targets=[1, 2] does not fit; pass one label for each digit, out of "
            "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].",
        ),
    ],
    ids=["method", "unknown label", "too many labels"],
)
def test_errors(options, message, digits, net):
    with pytest.raises(ValueError, match=exactly(message)):
        SaliencyDisplay.from_estimator(net, digits[0][:1], **options)
