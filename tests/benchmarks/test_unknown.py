"""The benchmark of images that are no digits: its kinds, its scores, and its table."""

import numpy as np
import pytest
import unknown
from helpers import ONE, SEVEN

from sklearn_lenet import LeNet5Classifier


@pytest.fixture
def rows():
    """Return 40 drawn digits, with labels that say whether they may be turned."""
    X = np.stack([np.roll(ONE if k % 2 else SEVEN, k % 3) for k in range(40)])
    return X, np.where(np.arange(40) % 2, 1, 7)


def test_every_kind_consists_of_rows_that_are_no_digits(rows, monkeypatch):
    monkeypatch.setattr(unknown, "N", 5)
    kinds = unknown.strange_images(*rows, np.random.default_rng(0))
    assert len(kinds) == 7
    for name, images in kinds.items():
        assert images.shape == (5, 784), name
        assert images.dtype == np.uint8
        assert images.any(axis=1).all()
    assert np.array_equal(kinds["mirrored"][0].reshape(28, 28), rows[0][0].reshape(28, 28)[:, ::-1])
    assert np.array_equal(
        np.rot90(kinds["turned"][0].reshape(28, 28), 3), rows[0][0].reshape(28, 28)
    )


def test_each_way_scores_strange_rows_higher(rows):
    X, y = rows
    noise = np.random.default_rng(0).integers(0, 255, (30, 784)).astype(np.uint8)
    X, y = np.concatenate([X, noise[:15]]), np.concatenate([y, np.full(15, -1)])
    model = LeNet5Classifier(max_epochs=40, augment=None, random_state=0).fit(X, y)
    ways = unknown.ways(model, X, y)
    assert list(ways)[-2:] == ["novelty_score", "class -1"]
    for name in ("novelty_score", "class -1", "F6, nearest rows"):
        assert unknown.separation(ways[name](X[:40]), ways[name](noise[15:]))["auroc"] > 0.9, name
    assert "class -1" not in unknown.ways(model.fit(X[:40], y[:40]), X[:40], y[:40])
