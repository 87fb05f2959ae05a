"""A trained model file and pictures of digits, shared by the tests of the commands."""

import numpy as np
import pytest
from PIL import Image

from sklearn_lenet import cli


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """The path of a model trained on the bundled digits."""
    path = tmp_path_factory.mktemp("model") / "digits.lenet"
    assert cli.main(["train", "--data", "digits", "--epochs", "12", "--out", str(path)]) == 0
    return path


@pytest.fixture
def files(tmp_path, digits):
    """A folder with the pictures 0.png to 5.png."""
    X, y = digits
    for k in range(6):
        page = 255 - np.kron(X[k].reshape(8, 8) * 15, np.ones((9, 9))).astype(np.uint8)
        Image.fromarray(page).save(tmp_path / f"{y[k]}.png")
    return tmp_path
