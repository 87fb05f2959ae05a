"""The data that needs no download: MNIST where it is, else the bundled digits."""

import pytest

from sklearn_lenet.datasets import DATA_VARIABLE
from sklearn_lenet.datasets._data_at_hand import bundled_digits, local_training_rows, split_rows


@pytest.fixture
def without_mnist(tmp_path, monkeypatch):
    monkeypatch.delenv(DATA_VARIABLE, raising=False)
    monkeypatch.setattr("pooch.os_cache", lambda _: tmp_path)


def test_without_mnist_the_bundled_digits_are_split(without_mnist):
    title, X, X_test, y, y_test = split_rows("auto")
    assert title == "scikit-learn's bundled digits"
    assert (X.shape, X_test.shape) == ((1347, 784), (450, 784))
    assert (len(y), len(y_test)) == (1347, 450)
    name, rows, _ = local_training_rows()
    assert name == "digits"
    assert rows is bundled_digits()[0]


def test_with_mnist_it_is_used(mnist):
    assert split_rows("auto")[0] == "MNIST"
    assert len(local_training_rows()[1]) == 60_000
    assert split_rows("digits")[0] == "scikit-learn's bundled digits"
