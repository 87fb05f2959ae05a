"""The rows of the comparison: deskewed digits, and stratified samples."""

import numpy as np
import pytest
from comparison import rows


def test_deskewed_digits_are_upright_and_centred():
    images = np.zeros((1, 28, 28), dtype=np.uint8)
    for row in range(4, 24):
        images[0, row, 3 + row // 2] = 255  # a stroke that leans by half a pixel per row
    before = images.astype(float)
    after = rows.deskewed(images.reshape(1, -1)).reshape(1, 28, 28)
    at = np.arange(28)

    def moments(image):
        ink = image.sum()
        row, column = (image.sum(1) * at).sum() / ink, (image.sum(0) * at).sum() / ink
        lean = (image * np.outer(at - row, at - column)).sum() / ink
        return row, column, lean

    assert abs(moments(before[0])[2]) > 10
    assert moments(after[0]) == pytest.approx((13.5, 13.5, 0), abs=0.2)
    assert after.sum() == pytest.approx(before.sum() / 255, rel=0.02)


def test_an_empty_image_stays_empty():
    assert rows.deskewed(np.zeros((2, 784), dtype=np.uint8)).max() == 0


def test_samples_are_stratified_and_differ_by_seed(bundled):
    one, other = (rows.first(bundled, 100, seed) for seed in (0, 1))
    assert np.bincount(one.y).tolist() == pytest.approx([10] * 10, abs=1)
    assert not np.array_equal(one.X, other.X)
    assert one.X_test is bundled.X_test
    assert rows.first(bundled, None, 0) is bundled
