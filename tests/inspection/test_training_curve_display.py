"""TrainingCurveDisplay draws the history of a fit."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier

from sklearn_lenet import TrainingCurveDisplay


def test_losses_and_scores_are_drawn(net, dense):
    display = TrainingCurveDisplay.from_estimator(net)
    losses, scores = display.axes_
    np.testing.assert_array_equal(losses.lines[0].get_ydata(), net.loss_curve_)
    np.testing.assert_array_equal(scores.lines[0].get_ydata(), net.validation_scores_)
    plain = TrainingCurveDisplay.from_estimator(dense)
    assert len(plain.axes_) == 1
    np.testing.assert_array_equal(plain.axes_[0].lines[0].get_ydata(), dense.loss_curve_)


def test_the_axis_counts_epochs_from_one():
    history = [
        {"train_loss": 3.0, "valid_loss": 4.0, "valid_acc": 0.5},
        {"train_loss": 2.0, "valid_loss": 3.0, "valid_acc": 0.75},
        {"train_loss": 1.0, "valid_loss": 2.0, "valid_acc": 0.7},
    ]
    display = TrainingCurveDisplay(history).plot()
    for axes in display.axes_:
        assert axes.get_xlabel() == "epoch"
        for line in axes.lines:
            assert line.get_xdata().tolist() == [1, 2, 3]
    training, validation = display.axes_[0].lines
    assert (training.get_label(), list(training.get_ydata())) == ("training rows", [3, 2, 1])
    assert (validation.get_label(), list(validation.get_ydata())) == ("validation rows", [4, 3, 2])
    assert [text.get_text() for text in display.axes_[1].texts] == ["best: 0.7500\nepoch 2"]


def test_the_display_looks_inside_pipelines(pipeline):
    assert len(TrainingCurveDisplay.from_estimator(pipeline).axes_) == 1


def test_another_classifier_is_an_error():
    with pytest.raises(TypeError) as caught:
        TrainingCurveDisplay.from_estimator(RandomForestClassifier())
    assert str(caught.value) == (
        "RandomForestClassifier has no layers that can be inspected; pass a LeNet5Classifier, a "
        "DenseDigitClassifier, or a pipeline that ends in one."
    )
