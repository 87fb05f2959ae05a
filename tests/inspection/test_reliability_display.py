"""ReliabilityDisplay, compared with bins counted by hand."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier

from sklearn_lenet import ReliabilityDisplay

Y_PROB = np.array([[0.95, 0.05]] * 4 + [[0.6, 0.4]] * 5 + [[0.3, 0.7]])
Y_TRUE = [0, 0, 0, 1, 0, 0, 0, 1, 1, 1]


def test_bins_counted_by_hand():
    display = ReliabilityDisplay.from_predictions(y_true=Y_TRUE, y_prob=Y_PROB, n_bins=10)
    assert display.counts.tolist() == [0, 0, 0, 0, 0, 0, 5, 1, 0, 4]
    np.testing.assert_allclose(display.accuracy[[6, 7, 9]], [0.6, 1.0, 0.75])
    np.testing.assert_allclose(display.confidence[[6, 7, 9]], [0.6, 0.7, 0.95])
    assert display.calibration_error == pytest.approx((0 * 5 + 0.3 * 1 + 0.2 * 4) / 10)


def test_the_diagram_and_the_counts_are_drawn():
    display = ReliabilityDisplay.from_predictions(Y_TRUE, Y_PROB, n_bins=10)
    diagram, histogram = display.axes_
    ideal, measured = diagram.lines
    assert list(ideal.get_xdata()) == list(ideal.get_ydata()) == [0, 1]
    np.testing.assert_allclose(measured.get_xdata(), [0.6, 0.7, 0.95])
    np.testing.assert_allclose(measured.get_ydata(), [0.6, 1.0, 0.75])
    assert measured.get_label() == "measured, calibration error 11.00%"
    assert [bar.get_height() for bar in histogram.patches] == display.counts.tolist()


def test_a_confidence_of_one_is_in_the_last_bin():
    display = ReliabilityDisplay.from_predictions([0, 1], [[1.0, 0.0], [1.0, 0.0]], n_bins=4)
    assert display.counts.tolist() == [0, 0, 0, 2]
    assert display.accuracy[3] == 0.5
    assert np.isnan(display.accuracy[:3]).all()


def test_labels_are_compared_by_the_columns_they_name():
    y_prob = [[0.9, 0.1], [0.2, 0.8]]
    display = ReliabilityDisplay.from_predictions(["x", "x"], y_prob, classes=["x", "y"], n_bins=1)
    assert display.accuracy.tolist() == [0.5]


def test_any_classifier_can_be_drawn(digits):
    X, y = digits
    forest = RandomForestClassifier(5, random_state=0).fit(X[:200], y[:200])
    assert ReliabilityDisplay.from_estimator(forest, X[200:], y[200:]).counts.sum() == 1597


def test_scores_are_not_probabilities(digits, net):
    X, y = digits
    with pytest.raises(ValueError, match=r"^y_prob has values from -.*; pass probabilities from 0"):
        ReliabilityDisplay.from_predictions(y[:3], net.decision_function(X[:3]) - 90)


def test_no_bins_are_an_error(digits, net):
    with pytest.raises(ValueError, match=r"^n_bins=0 is too small; use 1 or more\.$"):
        ReliabilityDisplay.from_estimator(net, digits[0][:3], digits[1][:3], n_bins=0)
