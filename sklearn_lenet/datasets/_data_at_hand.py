"""The best data without a download: MNIST if its files are here, else scikit-learn's digits."""

from __future__ import annotations

from functools import cache
from typing import Any

from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from ..images import DigitImageReader
from ._fetch_mnist import fetch_mnist

BUNDLED = "scikit-learn's bundled digits"


def local_training_rows() -> tuple[str, Any, Any]:
    """Return "mnist" or "digits", and the training rows and labels; nothing is downloaded."""
    try:
        X, y = fetch_mnist(split="train", return_X_y=True, download_if_missing=False)
    except OSError:
        return "digits", *bundled_digits()
    return "mnist", X, y


@cache
def bundled_digits() -> tuple[Any, Any]:
    """Return scikit-learn's digits, brought to MNIST's form, and their labels."""
    X, y = load_digits(return_X_y=True)
    return DigitImageReader().fit_transform(X), y


def split_rows(source: str) -> tuple[str, Any, Any, Any, Any]:
    """Return a title and X_train, X_test, y_train, y_test.

    ``source`` is "mnist", which is downloaded if it is missing, "digits" for scikit-learn's
    bundled digits, or "auto": MNIST if its files are on this machine, else the bundled digits.
    """
    if source == "mnist":
        return _split_mnist(download=True)
    if source == "auto":
        try:
            return _split_mnist(download=False)
        except OSError:  # the files are not on this machine
            pass
    X, y = bundled_digits()
    return BUNDLED, *train_test_split(X, y, random_state=0, stratify=y)


def _split_mnist(*, download: bool) -> tuple[str, Any, Any, Any, Any]:
    X, y = fetch_mnist(split="train", return_X_y=True, download_if_missing=download)
    X_test, y_test = fetch_mnist(split="test", return_X_y=True, download_if_missing=download)
    return "MNIST", X, X_test, y, y_test
