"""The automatic number of epochs and of rows in a batch."""

import itertools
import sys

import numpy as np
import pytest

from sklearn_lenet.training._length import Length, fit_length, patience


def auto(n_rows, augmented=True, **given):
    return fit_length(
        n_rows, augmented=augmented, **{"max_epochs": "auto", "batch_size": "auto"} | given
    )


@pytest.mark.parametrize(
    ("n_rows", "epochs"), [(1, 60), (1600, 60), (10_000, 10), (60_000, 4), (10**7, 4)]
)
def test_plain_rows_get_the_epochs_of_96_000_rows(n_rows, epochs):
    assert auto(n_rows, augmented=False) == Length(epochs, 128)


@pytest.mark.parametrize(
    ("n_rows", "epochs", "batch_size"),
    [(1, 773, 16), (100, 620, 16), (60_000, 5, 128), (10**7, 4, 128)],
)
def test_augmented_rows_get_the_epochs_of_310_000_rows(n_rows, epochs, batch_size):
    assert auto(n_rows) == Length(epochs, batch_size)


def test_given_numbers_are_taken():
    assert auto(100, max_epochs=np.int64(7)) == Length(7, 16)
    assert auto(100, batch_size=np.int8(7)) == Length(620, 7)
    assert auto(100, batch_size=10**30).batch_size == sys.maxsize


def test_the_length_is_smooth():
    rows = np.unique(np.geomspace(1, 200_000, 500).astype(int))
    lengths = [auto(int(n)) for n in rows]
    for (few, short), (many, long) in itertools.pairwise(zip(rows, lengths, strict=True)):
        assert long.epochs <= short.epochs
        assert long.batch_size >= short.batch_size
        # Twice the rows never change the epochs or the batch by more than twice and rounding.
        assert short.epochs - 1 <= long.epochs * many / few
        assert long.batch_size - 1 <= short.batch_size * many / few


def test_no_number_of_rows_takes_endless_steps():
    for n in np.geomspace(1, 60_000, 200).astype(int):
        assert auto(int(n)).epochs * n <= 330_000  # distorted rows in all, up to rounding


@pytest.mark.parametrize(
    ("given", "epochs", "schedule", "expected"),
    [
        ("auto", 620, "one-cycle", 310),
        ("auto", 91, "cosine", 46),
        ("auto", 19, "one-cycle", 10),
        ("auto", 620, "constant", 10),
        (np.int8(2), 620, "one-cycle", 2),
        (np.inf, 620, "constant", np.inf),
    ],
)
def test_the_patience(given, epochs, schedule, expected):
    assert patience(given, epochs, schedule) == expected
