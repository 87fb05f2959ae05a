"""The best data that needs no download: MNIST where it is on this machine, else bundled digits."""

from __future__ import annotations

from functools import cache
from typing import Any

from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from ..images import DigitImageReader
from ._fetch_mnist import fetch_mnist

BUNDLED = "scikit-learn's bundled digits"


def data_at_hand() -> tuple[str, Any, Any]:
    """Return the name, "mnist" or "digits", and the training rows of the best data here."""
    try:
        X, y = fetch_mnist(split="train", return_X_y=True, download_if_missing=False)
    except OSError:
        return "digits", *bundled_digits()
    return "mnist", X, y


@cache
def bundled_digits() -> tuple[Any, Any]:
    """Return scikit-learn's digits as `DigitImageReader` makes them, and their labels."""
    X, y = load_digits(return_X_y=True)
    return DigitImageReader().fit_transform(X), y


def split_rows(source: str) -> tuple[str, Any, Any, Any, Any]:
    """Return a title and X_train, X_test, y_train, y_test.

    ``source`` is "mnist", which is downloaded if needed, "digits", or "auto": MNIST where it is
    on this machine, scikit-learn's bundled digits elsewhere.
    """
    if source == "mnist":
        return _split_mnist(download=True)
    if source == "auto":
        try:
            return _split_mnist(download=False)
        except OSError:  # not on this machine
            pass
    X, y = bundled_digits()
    return BUNDLED, *train_test_split(X, y, random_state=0, stratify=y)


def _split_mnist(*, download: bool) -> tuple[str, Any, Any, Any, Any]:
    X, y = fetch_mnist(split="train", return_X_y=True, download_if_missing=download)
    X_test, y_test = fetch_mnist(split="test", return_X_y=True, download_if_missing=download)
    return "MNIST", X, X_test, y, y_test
