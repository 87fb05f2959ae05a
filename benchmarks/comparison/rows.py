"""The rows of the comparison, and the preprocessing for scikit-learn's models."""

from typing import NamedTuple

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from sklearn_lenet import fetch_mnist

SIDE = 28


class Rows(NamedTuple):
    """Training rows and test rows."""

    X: np.ndarray
    y: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray


def mnist():
    """Return all of MNIST."""
    return Rows(
        *fetch_mnist(split="train", return_X_y=True), *fetch_mnist(split="test", return_X_y=True)
    )


def held_out():
    """Return 20,000 training rows of MNIST, and 10,000 other training rows as test rows."""
    X, y = fetch_mnist(split="train", return_X_y=True)
    X, X_test, y, y_test = train_test_split(
        X, y, train_size=20_000, test_size=10_000, stratify=y, random_state=0
    )
    return Rows(X, y, X_test, y_test)


def bundled():
    """Return 600 of scikit-learn's 8x8 digits as training rows and 500 others as test rows.

    They are enlarged to 24x24 and padded to 28x28 pixels, with values from 0 to 255.
    """
    X, y = load_digits(return_X_y=True)
    large = np.kron(X.reshape(-1, 8, 8), np.ones((3, 3))) * (255 / 16)
    images = np.pad(large, ((0, 0), (2, 2), (2, 2))).astype(np.uint8)
    X, X_test, y, y_test = train_test_split(
        images.reshape(len(X), -1), y, train_size=600, test_size=500, stratify=y, random_state=0
    )
    return Rows(X, y, X_test, y_test)


def first(rows, n_rows, seed):
    """Return the rows with a stratified sample of ``n_rows`` training rows."""
    if n_rows is None or n_rows >= len(rows.X):
        return rows
    X, _, y, _ = train_test_split(
        rows.X, rows.y, train_size=n_rows, stratify=rows.y, random_state=seed
    )
    return rows._replace(X=X, y=y)


def unit(X):
    """Return pixels scaled to the range 0 to 1.

    >>> unit(np.array([[0, 51, 255]], dtype=np.uint8))
    array([[0. , 0.2, 1. ]], dtype=float32)
    """
    return X.astype(np.float32) / np.float32(255)


def deskewed(X):
    """Return deskewed digits, with pixels from 0 to 1.

    Each digit is sheared horizontally until the covariance of row and column of its ink is 0, and
    its centre of mass is moved to the middle. Pixels are interpolated linearly.
    """
    images = unit(X).reshape(-1, SIDE, SIDE)
    at = np.arange(SIDE, dtype=np.float32)
    ink = np.maximum(images.sum((1, 2)), 1e-6)
    row = (images.sum(2) @ at / ink)[:, None]
    column = (images.sum(1) @ at / ink)[:, None]
    away = at - row
    drift = np.einsum("nij,ni,nj->n", images, away, at - column)
    spread = np.einsum("nij,ni->n", images, away**2)
    shear = (drift / np.maximum(spread, 1e-6))[:, None]
    middle = (SIDE - 1) / 2
    # The position in the original image of each pixel of the deskewed image.
    rows = np.broadcast_to((at - middle + row)[:, :, None], images.shape)
    columns = (at - middle)[None, None, :] + column[:, :, None]
    columns = columns + (shear * (at - middle))[:, :, None]
    return _interpolated(images, rows, columns).reshape(len(X), -1)


def _interpolated(images, rows, columns):
    """Return the values of each image at the given positions; outside an image they are 0."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    rows = np.clip(rows + 1, 0, SIDE + 0.999)
    columns = np.clip(columns + 1, 0, SIDE + 0.999)
    top, left = rows.astype(np.intp), columns.astype(np.intp)
    down, right = (rows - top).astype(np.float32), (columns - left).astype(np.float32)
    n = np.arange(len(images))[:, None, None]
    upper = padded[n, top, left] * (1 - right) + padded[n, top, left + 1] * right
    lower = padded[n, top + 1, left] * (1 - right) + padded[n, top + 1, left + 1] * right
    return upper * (1 - down) + lower * down
