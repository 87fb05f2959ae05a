"""Fitted nets for the tests of inspection. No figure is left open."""

import matplotlib
import pytest
from matplotlib import pyplot as plt
from sklearn.pipeline import make_pipeline

from sklearn_lenet import DenseDigitClassifier, LeNet5Classifier, PadNormalizer


@pytest.fixture(autouse=True)
def closed_figures():
    matplotlib.use("Agg")
    yield
    plt.close("all")


@pytest.fixture(scope="session")
def net(digits):
    """A LeNet-5 with validation rows; shared, do not refit it."""
    X, y = digits
    return LeNet5Classifier(max_epochs=3, early_stopping=True, random_state=0).fit(X[:600], y[:600])


@pytest.fixture(scope="session")
def dense(digits):
    """A dense net without validation rows; shared, do not refit it."""
    X, y = digits
    return DenseDigitClassifier(max_epochs=3, random_state=0).fit(X[:600], y[:600])


@pytest.fixture(scope="session")
def pipeline(digits):
    """A pipeline that ends in a LeNet-5; shared, do not refit it."""
    X, y = digits
    pipe = make_pipeline(PadNormalizer(), LeNet5Classifier(max_epochs=1, random_state=0))
    return pipe.fit(X[:200], y[:200])
