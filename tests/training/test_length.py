"""The engine: passes, schedules, what a fit leaves behind and what it goes on from."""

import pytest

from sklearn_lenet.training._length import epochs_for


@pytest.mark.parametrize(
    ("n_rows", "epochs"), [(1, 60), (1600, 60), (10_000, 10), (60_000, 4), (10**7, 4)]
)
def test_auto_makes_more_passes_over_fewer_rows(n_rows, epochs):
    assert epochs_for("auto", n_rows) == epochs
    assert epochs_for(7, n_rows) == 7
