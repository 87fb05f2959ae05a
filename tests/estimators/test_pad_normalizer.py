"""PadNormalizer, recomputed independently."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import make_pipeline
from sklearn.svm import SVC

from sklearn_lenet import LeNet5Classifier, PadNormalizer


@pytest.fixture(scope="module")
def images():
    rng = np.random.default_rng(0)
    X = rng.integers(0, 256, size=(20, 28, 28), dtype=np.uint8)
    X[:, [0, 0, -1, -1], [0, -1, 0, -1]] = 0
    X[0, 9, 9], X[0, 8, 8] = 0, 255
    return X


def by_hand(images, scale):
    x = images.astype(np.float64)
    flat = {
        "lecun": (x / 255 * 1.275 - 0.1, -0.1),
        "unit": (x / 255, 0.0),
        "standard": ((x - x.mean()) / x.std(), -x.mean() / x.std()),
    }
    normalised, paper = flat[scale]
    return np.pad(normalised, ((0, 0), (2, 2), (2, 2)), constant_values=paper).reshape(len(x), 1024)


@pytest.mark.parametrize("scale", ["lecun", "unit", "standard"])
def test_pads_and_normalises(images, scale):
    rows = PadNormalizer(scale=scale).fit_transform(images)
    assert_allclose(rows, by_hand(images, scale), atol=2e-6)


def test_the_default_is_lecuns():
    X = np.array([[0.0] * 60 + [255.0] + [0.0] * 3])
    rows = PadNormalizer().fit_transform(X)
    assert sorted(np.round(np.unique(rows), 6)) == [-0.1, 1.175]


def test_black_on_white_becomes_white_on_black(images):
    black, white = (PadNormalizer().fit_transform(X) for X in (255 - images, images))
    assert_allclose(black, white, atol=2e-6)


@pytest.mark.parametrize(
    ("given", "returned"),
    [("uint8", "float32"), ("int64", "float32"), ("float32", "float32"), ("float64", "float64")],
)
def test_type(images, given, returned):
    transformer = PadNormalizer()
    rows = transformer.fit_transform(images.astype(given))
    assert rows.dtype == transformer.inverse_transform(rows).dtype == returned


@pytest.mark.parametrize("size", [28, 32, 40])
@pytest.mark.parametrize("scale", ["lecun", "unit", "standard"])
def test_inverse_transform_gives_the_pixels_back(images, size, scale):
    transformer = PadNormalizer(size=size, scale=scale)
    rows = transformer.fit_transform(images)
    assert rows.shape == (20, size * size)
    assert_allclose(transformer.inverse_transform(rows), images.reshape(20, 784), atol=1e-3)


def test_inverse_transform_of_enlarged_and_of_odd_rows(digits):
    for X in (digits[0], digits[0][:, :50]):
        transformer = PadNormalizer().fit(X)
        assert_allclose(transformer.inverse_transform(transformer.transform(X)), X, atol=1e-5)


def test_shapes_are_interchangeable(images):
    transformer = PadNormalizer().fit(images)
    expected = transformer.transform(images)
    flat = images.reshape(20, 784)
    for other in (flat, images[:, None], images[..., None], flat.tolist(), flat.astype(np.int16)):
        assert_array_equal(transformer.transform(other), expected)


def test_names_and_pandas_output(images):
    names = PadNormalizer().fit(images).get_feature_names_out()
    assert names[[0, 1, 32, -1]].tolist() == ["pixel_0_0", "pixel_0_1", "pixel_1_0", "pixel_31_31"]
    frame = pd.DataFrame(images.reshape(20, 784)).add_prefix("p")
    out = PadNormalizer().set_output(transform="pandas").fit_transform(frame)
    assert out.columns.tolist() == names.tolist()
    assert out.dtypes.unique().tolist() == [np.float32]
    with pytest.raises(ValueError, match="input_features"):
        PadNormalizer().fit(frame).get_feature_names_out(["a"])


@pytest.mark.parametrize("last", [SVC(), LeNet5Classifier(max_epochs=10, random_state=0)])
def test_svm_and_net_stand_behind_it(digits, last):
    X, y = digits
    assert make_pipeline(PadNormalizer(), last).fit(X[:600], y[:600]).score(X[600:], y[600:]) > 0.88


def test_constant_pixels_stay_finite():
    for scale in ("lecun", "unit", "standard"):
        assert np.isfinite(PadNormalizer(scale=scale).fit_transform(np.full((3, 9), 4.0))).all()


def test_the_callers_array_stays_as_it_was():
    X = np.random.default_rng(0).normal(size=(4, 1024))
    before = X.copy()
    PadNormalizer().fit_transform(X)
    assert_array_equal(X, before)


def test_bad_input(images):
    fitted = PadNormalizer().fit(images)
    with pytest.raises(
        ValueError, match=r"1156 values per row, images of 34x34, but the field of size=32"
    ):
        PadNormalizer().fit(np.zeros((2, 34, 34)))
    with pytest.raises(ValueError, match="X has 100 features, but PadNormalizer is expecting 784"):
        fitted.transform(np.zeros((2, 100)))
    with pytest.raises(ValueError, match="images of 56x14, but PadNormalizer was fitted on 28x28"):
        fitted.transform(np.zeros((2, 56, 14)))
    with pytest.raises(ValueError, match="784 values per row, but size=32 needs 1024"):
        fitted.inverse_transform(np.zeros((2, 784)))
    with pytest.raises(ValueError, match="'scale' parameter of PadNormalizer must be a str among"):
        PadNormalizer(scale="log").fit(images)
    with pytest.raises(ValueError, match=r"'size' parameter .* \[5, 1024\]"):
        PadNormalizer(size=4).fit(images)
    with pytest.raises(NotFittedError):
        PadNormalizer().transform(images)
    with pytest.raises(NotFittedError):
        PadNormalizer().inverse_transform(images)
