"""Probabilities, logarithms, scores, and independence of the batch."""

import numpy as np
import pytest
from helpers import BOTH, quick
from numpy.testing import assert_allclose, assert_array_equal


def test_probabilities_logarithms_and_scores_agree(fitted, digits):
    X = digits[0][600:]
    probabilities, logits = fitted.predict_proba(X), fitted.decision_function(X)
    assert probabilities.dtype == logits.dtype == np.float32
    assert_allclose(probabilities.sum(axis=1, dtype=np.float64), 1, atol=1e-6)
    exponents = np.exp(logits - logits.max(axis=1, keepdims=True), dtype=np.float64)
    assert_allclose(probabilities, exponents / exponents.sum(axis=1, keepdims=True), atol=1e-6)
    logarithms = fitted.predict_log_proba(X)
    large = probabilities > 1e-3  # the second largest takes rounding errors of up to 3e-8
    assert_allclose(logarithms[large], np.log(probabilities[large]), atol=1e-4)
    assert_allclose(logarithms, np.log(probabilities.clip(1e-37)), atol=0.7)
    assert_array_equal(fitted.predict(X), fitted.classes_[probabilities.argmax(axis=1)])


def test_two_classes_have_one_score(images):
    X, codes = images
    model = quick().fit(X, codes == 1)
    probabilities, score = model.predict_proba(X), model.decision_function(X)
    assert_allclose(score, np.log(probabilities[:, 1]) - np.log(probabilities[:, 0]), atol=1e-4)
    assert_array_equal(model.predict(X), score > 0)


@BOTH
@pytest.mark.filterwarnings("ignore:X has pixels from:UserWarning")  # the range differs on purpose
@pytest.mark.parametrize("value", [1e30, -1e30, np.finfo(np.float32).max])
def test_log_probabilities_are_finite_for_any_input(images, Classifier, value):
    model = quick(Classifier).fit(*images)
    X = np.full((1, 784), value)
    assert np.isfinite(model.predict_log_proba(X)).all()
    assert np.isfinite(model.predict_proba(X)).all()


def test_the_batch_does_not_matter(fitted, digits):
    X = digits[0]
    whole = fitted.predict_proba(X)
    one_by_one = np.concatenate([fitted.predict_proba(row[None]) for row in X[:50]])
    assert_allclose(one_by_one, whole[:50], atol=1e-6)
