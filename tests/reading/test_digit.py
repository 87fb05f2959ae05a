"""Digit: flags add up, and each of them asks for a review."""

import numpy as np

from sklearn_lenet.reading._digit import CUT, TOUCHING, Digit, with_flags


def test_flags_add_up():
    plain = Digit("1", 0.9, (0, 0, 5, 9), np.ones(1), 0, frozenset(), np.zeros((28, 28)))
    assert not plain.needs_review
    flagged = with_flags(with_flags(plain, CUT), TOUCHING, CUT)
    assert flagged.flags == {"cut", "touching"}
    assert flagged.needs_review
    assert not plain.flags
