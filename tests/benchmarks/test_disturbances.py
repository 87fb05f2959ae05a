"""Disturbances grow with their strength, and simple ones agree with results by hand."""

import numpy as np
import pytest
from comparison.disturbances import DISTURBANCES, disturbed


@pytest.mark.parametrize("name", DISTURBANCES)
def test_stronger_disturbances_change_more(name, bundled):
    X = bundled.X_test[:50]
    strengths = DISTURBANCES[name][1]
    assert len(strengths) == 5
    away = [np.abs(disturbed(X, name, s).astype(int) - X).mean() for s in strengths]
    assert away[0] > 0
    assert away == sorted(away)
    assert np.array_equal(disturbed(X, name, strengths[2]), disturbed(X, name, strengths[2]))
    assert disturbed(X, name, strengths[2]).dtype == np.uint8


def test_disturbances_by_hand():
    point = np.zeros((1, 28, 28), dtype=np.uint8)
    point[0, 14, 14] = 200
    X = point.reshape(1, -1)
    moved = np.argwhere(disturbed(X, "shift", 3).reshape(28, 28))
    assert np.abs(moved - 14).max() == 3
    assert set(np.abs(moved - 14).ravel()) <= {0, 3}
    assert disturbed(X, "inversion", 1.0).reshape(28, 28)[14, 14] == 55
    stroke = np.zeros((1, 28, 28), dtype=np.uint8)
    stroke[0, 4:24, 13:15] = 255
    turned = disturbed(stroke.reshape(1, -1), "rotation", 45).reshape(28, 28)
    assert turned[13, 13] > 200
    assert turned[4].max() == 0
