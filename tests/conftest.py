"""Fixtures for all tests. No test may connect to another machine."""

import os
import socket

# scikit-learn's check of array API dispatch skips itself where SciPy has it switched off,
# and SciPy reads the switch once, when it is imported.
os.environ["SCIPY_ARRAY_API"] = "1"

# Test processes that run side by side take one thread each; torch reads this when it is imported.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import pytest
import sklearn
import torch
from sklearn.datasets import load_digits

from sklearn_lenet import LeNet5Classifier, fetch_mnist
from sklearn_lenet.datasets._official_files import DATA_VARIABLE

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def pytest_addoption(parser):
    parser.addoption("--sklearn", help="stop unless scikit-learn has this version, such as 1.6")


def pytest_configure(config):
    expected = config.getoption("--sklearn")
    if expected and not sklearn.__version__.startswith(f"{expected}."):
        raise pytest.UsageError(f"scikit-learn is {sklearn.__version__}, not {expected}")


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Refuse every connection but to this machine: import, fit and predict open none."""
    connect = socket.socket.connect

    def guarded(self, address):
        # Connecting a datagram socket sends nothing; Dask learns the address of its machine so.
        is_stream = self.type == socket.SOCK_STREAM
        to_network = is_stream and self.family in (socket.AF_INET, socket.AF_INET6)
        if to_network and address[0] not in LOOPBACK:
            raise RuntimeError(f"a test tried to reach {address}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def one_thread():
    """torch has one thread: several may share a sum, and then round otherwise."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def digits():
    """scikit-learn's 1,797 digits of 8x8 pixels, 0 to 16."""
    return load_digits(return_X_y=True)


@pytest.fixture(scope="session")
def mnist():
    """Official MNIST: X_train, y_train, X_test, y_test."""
    if DATA_VARIABLE not in os.environ:
        pytest.skip(f"needs MNIST: set {DATA_VARIABLE} to the folder with its four files")
    train = fetch_mnist(split="train", return_X_y=True, download_if_missing=False)
    test = fetch_mnist(split="test", return_X_y=True, download_if_missing=False)
    return *train, *test


@pytest.fixture(scope="session")
def images():
    """Sixty random 28x28 uint8 digits of three kinds: a bright row, column or diagonal."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, size=60)
    X = rng.integers(0, 60, size=(60, 28, 28), dtype=np.uint8)
    X[:, :2] = X[:, -2:] = X[:, :, :2] = X[:, :, -2:] = 0
    for image, kind in zip(X, y, strict=True):
        image[
            [slice(14, 15), slice(None), np.arange(28)][kind],
            [slice(None), 14, np.arange(28)][kind],
        ] = 255
    return X, y


@pytest.fixture(scope="session")
def fitted(digits):
    """A LeNet-5 fitted on 600 digits; shared, do not refit it."""
    X, y = digits
    return LeNet5Classifier(max_epochs=8, random_state=0).fit(X[:600], y[:600])
