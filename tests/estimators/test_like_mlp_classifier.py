"""Where MLPClassifier has the same parameter or attribute, it means the same."""

import numpy as np
import pytest
from helpers import BOTH, exactly, quick
from sklearn.ensemble import BaggingClassifier, VotingClassifier
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier

from sklearn_lenet import DenseDigitClassifier


def mlp(**settings):
    return MLPClassifier((20,), max_iter=2, random_state=0, **settings)


@pytest.mark.filterwarnings("ignore:Stochastic Optimizer:sklearn.exceptions.ConvergenceWarning")
def test_epochs_and_losses_after_a_warm_start(digits):
    X, y = digits[0][:300], digits[1][:300]
    ours = quick(DenseDigitClassifier, warm_start=True).fit(X, y).fit(X, y)
    theirs = mlp(warm_start=True).fit(X, y).fit(X, y)
    assert ours.n_iter_ == theirs.n_iter_ == 2
    assert len(ours.loss_curve_) == len(theirs.loss_curve_) == 4
    for model in (ours, theirs):
        assert model.loss_ == model.loss_curve_[-1]
    assert not hasattr(DenseDigitClassifier(), "loss_")


@BOTH
def test_infinite_patience(Classifier, digits):
    X, y = digits[0][:300], digits[1][:300]
    settings = {"early_stopping": True, "tol": 1.0, "max_epochs": 6, "lr": 1e-9}
    assert quick(Classifier, n_iter_no_change=1, **settings).fit(X, y).n_iter_ == 3
    assert quick(Classifier, n_iter_no_change=np.inf, **settings).fit(X, y).n_iter_ == 6


@BOTH
def test_partial_fit_does_not_stop_early(Classifier, digits):
    X, y = digits[0][:300], digits[1][:300]
    with pytest.raises(ValueError, match="early_stopping=True"):
        mlp(early_stopping=True).partial_fit(X, y, classes=range(10))
    message = (
        "early_stopping=True needs several epochs, and partial_fit is one epoch: set "
        "early_stopping=False, or use fit."
    )
    with pytest.raises(ValueError, match=exactly(message)):
        quick(Classifier, early_stopping=True).partial_fit(X, y, classes=range(10))


@BOTH
def test_names_of_activations(Classifier, digits):
    X, y = digits[0][:300], digits[1][:300]
    for name in ("identity", "logistic", "tanh", "relu"):
        assert quick(Classifier, activation=name).fit(X, y).predict(X).shape == y.shape
    logistic, sigmoid = (
        quick(Classifier, activation=name).fit(X, y).predict_proba(X)
        for name in ("logistic", "sigmoid")
    )
    np.testing.assert_array_equal(logistic, sigmoid)


@pytest.mark.parametrize("n_estimators", [1, 2, 5])
def test_metrics_take_the_means_of_probabilities(digits, n_estimators):
    X, y = digits
    net = quick(DenseDigitClassifier, max_epochs=8)
    bagged = BaggingClassifier(net, n_estimators, random_state=0).fit(X[:900], y[:900])
    voted = VotingClassifier([("a", net), ("b", quick())], voting="soft").fit(X[:900], y[:900])
    for model in (bagged, voted):
        assert np.isfinite(log_loss(y, model.predict_proba(X)))  # a warning would be an error
