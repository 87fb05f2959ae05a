"""A reader of ones and zeros, fitted on clean lines; shared, do not refit it."""

import pytest
from helpers import clean_lines

from sklearn_lenet import DigitStringReader


@pytest.fixture(scope="session")
def bits():
    """Pictures of short lines of ones and zeros, and their texts."""
    return clean_lines(400, seed=0)


@pytest.fixture(scope="session")
def reader(bits):
    """A reader that has learned them."""
    settings = {"alphabet": "01", "max_epochs": 15, "batch_size": 16, "random_state": 0}
    return DigitStringReader(**settings).fit(*bits)
