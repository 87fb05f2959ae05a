"""The displays: what they draw is what the net holds, and drawing needs matplotlib alone."""

import subprocess
import sys

import matplotlib
import numpy as np
import pytest
import torch
from matplotlib import pyplot as plt
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import make_pipeline

from sklearn_lenet import (
    DenseDigitClassifier,
    FeatureMapsDisplay,
    FiltersDisplay,
    LeNet5Classifier,
    MistakesDisplay,
    PadNormalizer,
    ReliabilityDisplay,
    SaliencyDisplay,
    TrainingCurveDisplay,
    activations,
)
from sklearn_lenet.inspection._panels import mosaic


@pytest.fixture(autouse=True)
def closed_figures():
    matplotlib.use("Agg")
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def net(digits):
    X, y = digits
    return LeNet5Classifier(max_epochs=3, early_stopping=True, random_state=0).fit(X[:600], y[:600])


@pytest.fixture(scope="module")
def dense(digits):
    X, y = digits
    return DenseDigitClassifier(max_epochs=3, random_state=0).fit(X[:600], y[:600])


def drawn(axes):
    """Return the numbers of the one image on axes."""
    (image,) = axes.get_images()
    return np.ma.filled(image.get_array().astype(float), np.nan)


def test_filters_are_the_weights(net):
    display = FiltersDisplay.from_estimator(net)
    weights = net.module_.c1.weight.detach().numpy()
    np.testing.assert_array_equal(display.filters["C1"], weights)
    assert list(display.filters) == ["C1", "C3"]
    first, second = display.axes_
    np.testing.assert_allclose(drawn(first)[:, :5], weights[0, 0])
    c3 = net.module_.c3.weight.detach().numpy()
    np.testing.assert_allclose(drawn(second)[6:11, 12:17], c3[2, 1])  # third filter, second map
    assert FiltersDisplay.from_estimator(net, layers="c5").filters["C5"].shape == (120, 16, 5, 5)


def test_filters_of_a_dense_net_are_images(dense):
    display = FiltersDisplay.from_estimator(dense)
    weights = dense.module_.hidden1.weight.detach().numpy()
    np.testing.assert_array_equal(display.filters["hidden1"][:, 0], weights[:64].reshape(-1, 8, 8))


def test_feature_maps_are_the_activations(digits, net):
    X = digits[0][:2]
    display = FeatureMapsDisplay.from_estimator(net, X)
    assert list(display.maps) == ["input", "C1", "S2", "C3", "S4", "C5", "F6", "output"]
    for layer in display.maps:
        np.testing.assert_array_equal(display.maps[layer], activations(net, X, layer))
    s2 = drawn(display.axes_[1, 2])
    np.testing.assert_array_equal(s2[:14, 15:29], activations(net, X, "S2")[1, 1])
    f6 = drawn(display.axes_[0, 6])
    np.testing.assert_array_equal(f6, activations(net, X, "F6")[0].reshape(12, 7))
    answers = [axes.get_xlabel() for axes in display.axes_[:, -1]]
    assert answers == [f"read as {label}" for label in net.predict(X)]


def test_feature_maps_of_some_layers_and_of_dense_nets(digits, net, dense):
    X = digits[0][:3]
    display = FeatureMapsDisplay.from_estimator(net, X, layers="s4")
    assert display.axes_.shape == (3, 1)
    display = FeatureMapsDisplay.from_estimator(dense, X)
    assert list(display.maps) == ["input", "hidden1", "hidden2", "output"]
    np.testing.assert_allclose(
        drawn(display.axes_[0, 0]), activations(dense, X, "input")[0].reshape(8, 8)
    )


@pytest.mark.parametrize("method", ["gradient", "occlusion"])
def test_a_net_of_zero_weights_looks_at_nothing(digits, method):
    X, y = digits
    for Classifier in (LeNet5Classifier, DenseDigitClassifier):
        clf = Classifier(max_epochs=1, random_state=0).fit(X[:100], y[:100])
        with torch.no_grad():
            for weights in clf.module_.parameters():
                weights.zero_()
        display = SaliencyDisplay.from_estimator(clf, X[:3], method=method)
        assert not display.maps.any()


def test_the_gradient_is_the_scores_slope(digits, net):
    X = digits[0][:1]
    target = net.predict(X)
    display = SaliencyDisplay.from_estimator(net, X, targets=target)
    column = int(target[0])
    field = torch.from_numpy(activations(net, X, "input")).double()
    module = torch.nn.Module.double(net.module_)
    try:
        for row, place in [(10, 12), (16, 15), (20, 18)]:
            step = torch.zeros_like(field)
            step[0, 0, row, place] = 1e-4
            with torch.no_grad():
                up, down = (module(field + s)[0, column] for s in (step, -step))
            slope = float(up - down) / 2e-4
            assert display.maps[0, row, place] == pytest.approx(abs(slope), rel=0.02, abs=1e-4)
    finally:
        module.float()


def test_occlusion_finds_the_one_pixel_that_counts(digits):
    X, y = digits
    clf = DenseDigitClassifier(hidden_layer_sizes=(4,), max_epochs=1, random_state=0)
    clf.fit(X[:200], y[:200])
    pixel = 3 * 8 + 4
    with torch.no_grad():
        for weights in clf.module_.parameters():
            weights.zero_()
        clf.module_.hidden1.weight[0, pixel] = 1.0
        clf.module_.hidden1.bias[0] = 5.0
        clf.module_.output.weight[2, 0] = 1.0
    bright = X[[np.flatnonzero(X[:, pixel] > 10)[0]]]
    display = SaliencyDisplay.from_estimator(clf, bright, targets=[2], method="occlusion")
    assert np.unravel_index(display.maps[0].argmax(), (8, 8)) == (3, 4) or display.maps[
        0, 3, 4
    ] == (display.maps[0].max())
    assert display.maps[0, 3, 4] > 0
    assert display.maps[0].min() >= 0


def test_mistakes_are_the_surest_ones():
    X = np.arange(6 * 4).reshape(6, 4)
    y = np.array(list("aabbab"))
    shares = np.array([[0.9, 0.1], [0.3, 0.7], [0.95, 0.05], [0.2, 0.8], [0.45, 0.55], [0.6, 0.4]])
    display = MistakesDisplay.from_predictions(X, y, shares, classes=["a", "b"], n_shown=3)
    assert display.truth.tolist() == ["b", "a", "b"]
    assert display.answers.tolist() == ["a", "b", "a"]
    assert display.confidences.tolist() == [0.95, 0.7, 0.6]
    assert (display.n_mistakes, display.n_rows) == (4, 6)
    np.testing.assert_array_equal(drawn(display.axes_[0]), X[2].reshape(2, 2))
    assert display.axes_[0].get_title() == "b as a\n95.0%"


def test_no_mistake_is_no_error(digits):
    X, y = digits
    display = MistakesDisplay.from_predictions(X[:4], y[:4], np.eye(10)[y[:4]])
    assert len(display.axes_) == 0
    assert display.figure_.get_suptitle() == "0 mistakes in 4 digits"


def test_any_classifier_has_mistakes(digits):
    X, y = digits
    forest = RandomForestClassifier(5, random_state=0).fit(X[:200], y[:200])
    display = MistakesDisplay.from_estimator(forest, X[200:], y[200:])
    assert display.n_mistakes == (forest.predict(X[200:]) != y[200:]).sum()
    assert ReliabilityDisplay.from_estimator(forest, X[200:], y[200:]).counts.sum() == 1597


def test_training_curves(net, dense):
    display = TrainingCurveDisplay.from_estimator(net)
    losses, scores = display.axes_
    np.testing.assert_array_equal(losses.lines[0].get_ydata(), net.loss_curve_)
    np.testing.assert_array_equal(scores.lines[0].get_ydata(), net.validation_scores_)
    plain = TrainingCurveDisplay.from_estimator(dense)
    assert len(plain.axes_) == 1
    np.testing.assert_array_equal(plain.axes_[0].lines[0].get_ydata(), dense.loss_curve_)


def test_reliability_by_hand():
    shares = np.array([[0.95, 0.05]] * 4 + [[0.6, 0.4]] * 5 + [[0.3, 0.7]])
    y = [0, 0, 0, 1, 0, 0, 0, 1, 1, 1]
    display = ReliabilityDisplay.from_predictions(y, shares, n_bins=10)
    assert display.counts.tolist() == [0, 0, 0, 0, 0, 0, 5, 1, 0, 4]
    np.testing.assert_allclose(display.accuracy[[6, 7, 9]], [0.6, 1.0, 0.75])
    np.testing.assert_allclose(display.confidence[[6, 7, 9]], [0.6, 0.7, 0.95])
    assert display.calibration_error == pytest.approx((0 * 5 + 0.3 * 1 + 0.2 * 4) / 10)


def test_displays_draw_where_they_are_told(digits, net):
    X, y = digits
    draw = {
        "filters": lambda ax: FiltersDisplay.from_estimator(net, ax=ax),
        "maps": lambda ax: FeatureMapsDisplay.from_estimator(net, X[:2], ax=ax),
        "saliency": lambda ax: SaliencyDisplay.from_estimator(net, X[:2], ax=ax),
        "mistakes": lambda ax: MistakesDisplay.from_estimator(net, X[600:], y[600:], ax=ax),
        "curve": lambda ax: TrainingCurveDisplay.from_estimator(net, ax=ax),
        "reliability": lambda ax: ReliabilityDisplay.from_estimator(net, X, y, ax=ax),
    }
    for make in draw.values():
        figure, (left, right) = plt.subplots(1, 2)
        display = make(right)
        assert display.figure_ is figure
        edge = right.get_position().x0
        for axes in np.ravel(display.axes_):
            assert axes.figure is figure
            assert axes.get_position().x0 >= edge - 1e-6
        assert not left.has_data()
        placed = plt.figure().add_axes((0.1, 0.1, 0.5, 0.5))
        assert make(placed).figure_ is placed.figure
    figure, axes = plt.subplots(2, 1)
    display = FiltersDisplay.from_estimator(net, ax=axes)
    assert [one is other for one, other in zip(display.axes_, axes, strict=True)] == [True, True]
    again = display.plot()  # a display can be drawn anew
    assert again.figure_ is not figure


def test_pipelines_are_looked_into(digits):
    X, y = digits
    pipe = make_pipeline(PadNormalizer(), LeNet5Classifier(max_epochs=1, random_state=0))
    pipe.fit(X[:200], y[:200])
    assert FeatureMapsDisplay.from_estimator(pipe, X[:1]).axes_.shape == (1, 8)
    assert SaliencyDisplay.from_estimator(pipe, X[:1]).maps.shape == (1, 32, 32)
    assert len(TrainingCurveDisplay.from_estimator(pipe).axes_) == 1
    assert list(FiltersDisplay.from_estimator(pipe).filters) == ["C1", "C3"]


def test_string_labels(digits):
    X, y = digits
    words = np.array(["zero", "one", "two"])
    few = y < 3
    clf = LeNet5Classifier(max_epochs=2, random_state=0).fit(X[few], words[y[few]])
    display = SaliencyDisplay.from_estimator(clf, X[few][:3], targets=["zero", "one", "two"])
    assert [axes.get_title() for axes in display.axes_[0]] == ["for zero", "for one", "for two"]
    maps = FeatureMapsDisplay.from_estimator(clf, X[few][:1])
    labels = [label.get_text() for label in maps.axes_[0, -1].get_yticklabels()]
    assert labels == ["one", "two", "zero"]


ERRORS = {
    "a layer without filters": (
        lambda net, X, y: FiltersDisplay.from_estimator(net, layers=["S2"]),
        ValueError,
        "layer='S2' has no filters: C1, C3, C5 have.",
    ),
    "an unknown layer": (
        lambda net, X, y: FeatureMapsDisplay.from_estimator(net, X, layers=["S9"]),
        ValueError,
        "layer='S9' is no layer of this net: it has input, C1, S2, C3, S4, C5, F6, output.",
    ),
    "a method": (
        lambda net, X, y: SaliencyDisplay.from_estimator(net, X, method="magic"),
        ValueError,
        "method='magic' is not known: gradient or occlusion.",
    ),
    "a target": (
        lambda net, X, y: SaliencyDisplay.from_estimator(net, X[:1], targets=[11]),
        ValueError,
        "targets=[11] came, but one label a digit is needed, out of "
        "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].",
    ),
    "not fitted": (
        lambda net, X, y: FiltersDisplay.from_estimator(LeNet5Classifier()),
        NotFittedError,
        "LeNet5Classifier is not fitted yet: call fit first.",
    ),
    "another classifier": (
        lambda net, X, y: TrainingCurveDisplay.from_estimator(RandomForestClassifier()),
        TypeError,
        "RandomForestClassifier has no layers to look into: pass a LeNet5Classifier, a "
        "DenseDigitClassifier, or a pipeline that ends in one.",
    ),
    "too few axes": (
        lambda net, X, y: FeatureMapsDisplay.from_estimator(net, X, ax=plt.subplots(1, 2)[1]),
        ValueError,
        "ax holds 2 axes, but FeatureMapsDisplay draws 24.",
    ),
    "columns": (
        lambda net, X, y: MistakesDisplay.from_predictions(X, y, np.ones((3, 2)), classes=[1]),
        ValueError,
        "probabilities came with 2 columns, but there are 1 classes.",
    ),
    "no probabilities": (
        lambda net, X, y: ReliabilityDisplay.from_predictions(y, net.decision_function(X) - 90),
        ValueError,
        None,
    ),
    "bins": (
        lambda net, X, y: ReliabilityDisplay.from_estimator(net, X, y, n_bins=0),
        ValueError,
        "n_bins=0 came, but at least 1 is needed.",
    ),
    "how many": (
        lambda net, X, y: MistakesDisplay.from_estimator(net, X, y, n_shown=0),
        ValueError,
        "n_shown=0 came, but at least 1 is needed.",
    ),
}


@pytest.mark.parametrize("case", ERRORS)
def test_errors(case, digits, net):
    act, error, message = ERRORS[case]
    with pytest.raises(error, match=None if message else "but 0 to 1 is needed") as caught:
        act(net, digits[0][:3], digits[1][:3])
    assert message is None or str(caught.value) == message


def test_matplotlib_is_imported_when_something_is_drawn():
    code = (
        "import sys\n"
        "from sklearn_lenet import *\n"
        "assert 'matplotlib' not in sys.modules\n"
        "sys.modules['matplotlib'] = None\n"
        "try:\n"
        "    ReliabilityDisplay.from_predictions([0], [[1.0]])\n"
        "except ImportError as error:\n"
        "    print(error)\n"
    )
    out = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    ).stdout
    wanted = (
        "ReliabilityDisplay needs the package matplotlib: pip install 'sklearn_lenet[plots]'.\n"
    )
    assert out == wanted


def test_mosaics():
    tiles = np.arange(8.0).reshape(2, 2, 2)
    nan = np.nan
    np.testing.assert_array_equal(mosaic(tiles, 2), [[0, 1, nan, 4, 5], [2, 3, nan, 6, 7]])
    assert mosaic(tiles, 1).shape == (5, 2)
