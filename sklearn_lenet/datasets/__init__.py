"""Digits to learn from: MNIST, European digits, non-digits, and what is on this machine."""

from ._data_at_hand import data_at_hand, split_rows
from ._european_digits import add_european_hands
from ._fetch_mnist import fetch_mnist
from ._non_digits import NO_DIGIT, add_non_digits
from ._official_files import DATA_VARIABLE

__all__ = [
    "DATA_VARIABLE",
    "NO_DIGIT",
    "add_european_hands",
    "add_non_digits",
    "data_at_hand",
    "fetch_mnist",
    "split_rows",
]
