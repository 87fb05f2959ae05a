"""The measures of quality agree with scikit-learn and with computations by hand."""

import numpy as np
import pytest
from comparison import measures, run
from sklearn.datasets import load_digits
from sklearn.metrics import log_loss
from sklearn.svm import SVC


def test_log_loss_is_that_of_scikit_learn(output):
    assert measures.log_loss(*output) == pytest.approx(log_loss(output[1], output[0]))


def test_a_true_label_of_probability_0_has_a_bounded_loss():
    assert measures.log_loss(np.array([[1.0, 0.0]]), np.array([1])) == pytest.approx(
        15.94, abs=0.01
    )


def test_likelihoods_of_pairs_follow_the_scores_of_the_pairs():
    X, y = load_digits(n_class=4, return_X_y=True)
    model = SVC().fit(X, y)
    votes = model.decision_function(X)
    likely = measures.likelihoods(run.scores_of(model, X), 2.0, n_classes=4)
    assert likely.shape == votes.shape == (len(X), 4)
    assert likely.sum(1) == pytest.approx(np.ones(len(X)))
    assert np.mean(likely.argmax(1) == model.predict(X)) > 0.98


def test_likelihoods_of_pairs_by_hand():
    two, one = 1 / (1 + np.exp(-2.0)), 1 / (1 + np.exp(-1.0))
    half = 0.5  # 0 beats 1, 2 and 3; nothing is known of the other pairs
    expected = np.array(
        [two * one * one, (1 - two) * half**2, (1 - one) * half**2, (1 - one) * half**2]
    )
    found = measures.likelihoods(np.array([[2.0, 1.0, 1.0, 0.0, 0.0, 0.0]]), 1.0, n_classes=4)
    assert found[0] == pytest.approx(expected / expected.sum())


def test_scores_per_class_are_not_taken_for_scores_per_pair():
    """Ten classes have ten scores, and the pairs of five classes have ten scores too."""
    scores = np.random.default_rng(0).normal(size=(6, 10))
    shares = np.exp(3 * scores)
    expected = shares / shares.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(measures.likelihoods(scores, 3.0, n_classes=10), expected)


def test_calibration_error_computed_bin_by_bin(output):
    probabilities, y = output
    sure, right = probabilities.max(1), probabilities.argmax(1) == y
    error = 0
    for bin_ in range(15):
        inside = (sure >= bin_ / 15) & (sure < (bin_ + 1) / 15)
        if inside.any():
            error += inside.mean() * abs(sure[inside].mean() - right[inside].mean())
    assert measures.calibration_error(probabilities, y) == pytest.approx(error)


def test_rejected_share_computed_by_trying_every_number(output):
    probabilities, y = output
    ranked = np.sort(probabilities, axis=1)
    surest_first = np.argsort(ranked[:, -2] - ranked[:, -1], kind="stable")
    wrong = (probabilities.argmax(1) != y)[surest_first]
    kept = max(n for n in range(1, 501) if wrong[:n].sum() <= 0.005 * n)
    assert 0 < measures.rejected(probabilities, y) == pytest.approx(1 - kept / 500)


def test_all_rows_are_rejected_if_the_most_certain_one_is_wrong():
    assert measures.rejected(np.array([[0.9, 0.1], [0.6, 0.4]]), np.array([1, 1])) == 1
