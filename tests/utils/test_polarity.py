"""Inverted images: how they are recognised, put right and warned of."""

import warnings

import numpy as np
import pytest
from helpers import BOTH, quick
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.pipeline import make_pipeline

from sklearn_lenet import LeNet5Classifier, PadNormalizer, export_onnx, load_model, save_model
from sklearn_lenet.utils import Shape, inverted_rows, other_end

SHAPE = Shape(8, 8)


@pytest.mark.parametrize(
    ("background", "ink"), [(0, 16), (4, 16), (5, None), (8, None), (11, None), (12, 0), (16, 0)]
)
def test_ink_is_the_end_that_is_not_the_background(background, ink):
    assert other_end(SHAPE, 64, background, 0, 16) == ink
    assert other_end(SHAPE, 63, background, 0, 16) is None
    assert other_end(Shape(8, 7), 56, background, 0, 16) is None
    assert other_end(SHAPE, 64, 5, 5, 5) is None


def test_three_of_four_corners_decide():
    images = np.zeros((5, 8, 8))
    for k, corner in enumerate([(0, 0), (0, 7), (7, 0), (7, 7)]):
        images[k + 1 :, *corner] = 13  # 12 is a quarter of the range below 16
    inverted = inverted_rows(images.reshape(5, 64), SHAPE, ink=16, span=16)
    assert inverted.tolist() == [False, False, False, True, True]
    assert not inverted_rows(np.full((1, 64), 11.9), SHAPE, ink=16, span=16).any()


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_pad_normalizer_gives_all_images_one_polarity(digits, dtype):
    X = digits[0][:100].astype(dtype)
    mixed = np.where(np.arange(100)[:, None] % 3 == 0, 16 - X, X).astype(dtype)
    given = mixed.copy()
    pad = PadNormalizer().fit(X)
    assert_array_equal(pad.transform(mixed), pad.transform(X))
    assert_array_equal(PadNormalizer().fit(mixed).transform(mixed), pad.transform(X))
    assert_array_equal(mixed, given)
    dark = PadNormalizer(scale="unit").fit(16 - X)  # most are dark on light, so all become so
    assert_allclose(dark.transform(X), dark.transform(16 - X))
    off = PadNormalizer(match_polarity=False).fit(X)
    assert off.ink_ is None
    assert not np.array_equal(off.transform(mixed), pad.transform(X))


def test_no_digit_is_inverted_by_mistake(digits):
    X = digits[0]
    pad, off = PadNormalizer().fit(X), PadNormalizer(match_polarity=False).fit(X)
    assert_array_equal(pad.transform(X), off.transform(X))
    small = X[:, :49]
    assert PadNormalizer().fit(small).ink_ is None


def test_a_pipeline_reads_both_polarities(digits, tmp_path):
    onnxruntime = pytest.importorskip("onnxruntime", reason="onnxruntime belongs to the extra onnx")
    X, y = digits
    model = make_pipeline(PadNormalizer(), LeNet5Classifier(max_epochs=3, random_state=0))
    model.fit(X[:600], y[:600])
    both = np.concatenate([X[600:700], 16 - X[600:700]]).astype(np.float32)
    expected = model.predict_proba(both)
    assert_allclose(expected[:100], expected[100:], atol=1e-6)
    save_model(model, tmp_path / "model.lenet")
    assert_array_equal(load_model(tmp_path / "model.lenet").predict_proba(both), expected)
    export_onnx(model, tmp_path / "model.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "model.onnx")
    assert_allclose(session.run(["probabilities"], {"pixels": both})[0], expected, atol=1e-5)


@BOTH
def test_a_classifier_warns_of_inverted_images(Classifier, digits):
    X, y = digits[0][:100], digits[1][:100]
    model = quick(Classifier).fit(X, y)
    match = "X seems to be inverted: its background is near 16, .* 0: pass 16 - X, or put PadNorm"
    for method in (model.predict, model.predict_proba, model.decision_function):
        with pytest.warns(UserWarning, match=match) as caught:
            method(16 - X)
        assert caught[0].filename == __file__
    with pytest.warns(UserWarning, match="its background is near 0, .* was fitted on .* of 16"):
        quick(Classifier).fit(16 - X, y).predict(X[:1])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.predict(X)
        for row in X:
            model.predict(row[None])
        model.predict(np.concatenate([X[:60], 16 - X[:30]]))
        quick(Classifier).fit(X[:, :49], y).predict(16 - X[:, :49])


def test_a_normalizer_of_before_inverts_nothing(digits):
    X = digits[0]
    state = PadNormalizer().fit(X).__getstate__()
    for name in ("match_polarity", "ink_", "mirror_"):
        del state[name]
    old = PadNormalizer.__new__(PadNormalizer)
    old.__setstate__(state)
    assert old.get_params()["match_polarity"] is False
    plain = PadNormalizer(match_polarity=False).fit(X)
    assert_array_equal(old.transform(16 - X[:5]), plain.transform(16 - X[:5]))
