"""A model with distorted copies of the training rows is fitted on all of them."""

import numpy as np
import pytest
from comparison.augmented import WithCopies
from sklearn.dummy import DummyClassifier
from sklearn.svm import LinearSVC


class Recorder(DummyClassifier):
    """A model that keeps its training rows."""

    def fit(self, X, y):
        self.X, self.y = X, y
        return super().fit(X, y)


@pytest.mark.parametrize("augment", ["elastic", "affine"])
def test_the_rows_come_first_then_ten_distorted_copies(bundled, augment):
    X, y = bundled.X[:20], bundled.y[:20]
    model = WithCopies(Recorder(), augment).fit(X, y)
    given = model.estimator.X
    assert given.dtype == np.uint8
    assert len(given) == 220
    assert np.array_equal(given[:20], X)
    assert np.array_equal(model.estimator.y, np.tile(y, 11))
    for k in range(1, 11):
        copies = given[20 * k : 20 * (k + 1)]
        # Each copy differs from its digit, and looks more like it than like the next one.
        away = np.abs(copies.astype(int) - X).mean(axis=1)
        from_next = np.abs(copies.astype(int) - np.roll(X, 1, axis=0)).mean(axis=1)
        assert away.min() > 0
        assert np.mean(away < from_next) > 0.9
    other = WithCopies(Recorder(), augment, random_state=1).fit(X, y).estimator.X
    assert not np.array_equal(given, other)
    assert np.array_equal(given, WithCopies(Recorder(), augment).fit(X, y).estimator.X)


def test_it_predicts_as_its_model_does(bundled):
    X, y = bundled.X[:50], bundled.y[:50]
    model = WithCopies(DummyClassifier()).fit(X, y)
    assert np.array_equal(model.predict(X), model.estimator.predict(X))
    assert np.array_equal(model.predict_proba(X), model.estimator.predict_proba(X))
    assert model.classes_.tolist() == list(range(10))
    assert not hasattr(model, "decision_function")
    assert not hasattr(WithCopies(LinearSVC()), "predict_proba")
