"""A fitted LeNet-5 and its model file."""

import pytest

from sklearn_lenet import LeNet5Classifier, save_model


@pytest.fixture(scope="session")
def few(digits):
    """The first 300 digits: X, y."""
    X, y = digits
    return X[:300], y[:300]


@pytest.fixture(scope="session")
def fitted(few):
    """A LeNet-5 fitted on few digits; shared, do not refit it."""
    return LeNet5Classifier(max_epochs=1, random_state=0).fit(*few)


@pytest.fixture
def path(tmp_path, fitted):
    """The path of a model file."""
    path = tmp_path / "digits.lenet"
    save_model(fitted, path)
    return path
