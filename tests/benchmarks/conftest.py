"""Fixtures of the benchmark tests: small data, and results with made-up figures."""

import numpy as np
import pytest
from comparison import rows

FIGURES = ["accuracy", "precision", "recall", "f1", "log_loss", "calibration_error", "rejected"]
FIGURES += ["fit_seconds", "predict_seconds", "one_row_seconds", "one_row_seconds_95"]
FIGURES += ["fit_memory", "saved_size"]


@pytest.fixture(scope="session")
def bundled():
    """The rows of the quick comparison."""
    return rows.bundled()


@pytest.fixture
def output():
    """Probabilities and labels of a model that is mostly right."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 10, 500)
    scores = rng.normal(size=(500, 10))
    scores[np.arange(500), y] += 4
    return np.exp(scores) / np.exp(scores).sum(1, keepdims=True), y


@pytest.fixture(scope="session")
def figure_names():
    """The names of all figures of a thorough run."""
    return FIGURES


@pytest.fixture(scope="session")
def figures():
    """A function that returns made-up figures of one run."""

    def make(accuracy=0.9, **others):
        return dict.fromkeys(FIGURES, 0.5) | {"accuracy": accuracy, "rows": 1297} | others

    return make


@pytest.fixture(scope="session")
def full_results(figures):
    """A function that returns the full results of models with the given accuracies."""

    def make(**accuracies):
        env = {"cpu": "a CPU", "cores": 2, "torch_threads": 2, "python": "3", "versions": {}}
        return {
            name.replace("_", "-"): [
                figures(value, environment=env | {"commit": "abc"}, call="a()", seed=seed)
                for seed, value in enumerate(several)
            ]
            for name, several in accuracies.items()
        }

    return make
