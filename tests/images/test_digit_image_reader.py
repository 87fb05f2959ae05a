"""DigitImageReader in pipelines, with paths, pictures, arrays and flat rows."""

import numpy as np
import pytest
from drawn_seven import same, seven
from PIL import Image
from scipy import ndimage
from sklearn.pipeline import make_pipeline

from sklearn_lenet import DigitImageReader, LeNet5Classifier, PadNormalizer


@pytest.mark.parametrize("value", [0, 9, "wide", None])
def test_an_invalid_width(value):
    with pytest.raises(ValueError, match="'stroke_width' parameter"):
        DigitImageReader(stroke_width=value).transform([seven()])


@pytest.mark.slow
def test_from_paths_to_labels(tmp_path, digits):
    X, y = digits
    pipe = make_pipeline(DigitImageReader(), PadNormalizer(), LeNet5Classifier(random_state=0))
    pages = [_framed(x, 9) for x in X[:1000]]
    pipe.fit(pages, y[:1000])
    paths = []
    for k in range(1000, 1100):
        paths.append(tmp_path / f"{k}.png")
        Image.fromarray(255 - _framed(X[k], 11)).save(paths[-1])
    assert pipe.score(paths, y[1000:1100]) > 0.85


def _framed(row, factor):
    """Return a digit of 8x8 enlarged, with a margin, white on black."""
    image = np.kron(row.reshape(8, 8) * 15, np.ones((factor, factor)))
    return np.pad(ndimage.gaussian_filter(image, factor / 3), 2 * factor).astype(np.uint8)


def test_a_single_picture_is_a_list_of_one(tmp_path):
    seven().save(tmp_path / "a.png")
    for source in (tmp_path / "a.png", str(tmp_path / "a.png"), seven()):
        assert DigitImageReader().transform(source).shape == (1, 784)
    stack = np.stack([np.asarray(seven())] * 3)
    assert DigitImageReader().transform(stack).shape == (3, 784)
    assert DigitImageReader().transform([]).shape == (0, 784)


def test_flat_rows_are_pictures(digits):
    X = digits[0][:20]
    rows = DigitImageReader().fit_transform(X)
    large = X.reshape(-1, 8, 8).repeat(3, 1).repeat(3, 2) * 255 / X.max(axis=1)[:, None, None]
    images = DigitImageReader().transform(list(np.pad(large, ((0, 0), (2, 2), (2, 2))).astype(int)))
    assert all(same(a, b) for a, b in zip(rows, images, strict=True))
    with pytest.raises(ValueError, match="expecting 64 features"):
        DigitImageReader().fit(X).transform(X[:, :60])


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_a_table_needs_no_fit(digits, dtype):
    rows = (15 * digits[0][:5]).astype(dtype)
    np.testing.assert_array_equal(
        DigitImageReader().transform(rows), DigitImageReader().fit_transform(rows)
    )
