"""What both classifiers take and return: pixels, labels, probabilities."""

import joblib
import numpy as np
import pandas as pd
import pytest
import torch
from helpers import BOTH, quick
from numpy.testing import assert_array_equal

# Input


@BOTH
def test_every_accepted_shape_gives_the_same_probabilities(images, Classifier):
    X, y = images
    flat = X.reshape(60, 784)
    expected = quick(Classifier).fit(flat, y).predict_proba(flat)
    for other in (X, X[:, None], X[..., None], pd.DataFrame(flat), flat.tolist(), X.tolist()):
        model = quick(Classifier).fit(other, y)
        if isinstance(other, pd.DataFrame):
            assert_array_equal(model.predict_proba(other), expected)
        else:
            assert_array_equal(model.predict_proba(flat), expected)
            assert_array_equal(model.predict_proba(other), expected)
        assert model.n_features_in_ == 784
        assert model.image_shape_ == (28, 28)


@BOTH
@pytest.mark.parametrize(
    "dtype",
    [np.int8, np.int16, np.int32, np.int64, np.uint16, np.float16, np.float32, np.float64, object],
)
def test_every_type_gives_the_same_probabilities(images, Classifier, dtype):
    X, y = images
    X = X.reshape(60, 784) // 2  # fits into int8
    expected = quick(Classifier).fit(X, y).predict_proba(X)
    assert_array_equal(
        quick(Classifier).fit(X.astype(dtype), y).predict_proba(X.astype(dtype)), expected
    )


@BOTH
def test_read_only_strided_and_foreign_memory_gives_the_same_probabilities(
    images, Classifier, tmp_path
):
    X, y = images
    flat = X.reshape(60, 784)
    model = quick(Classifier).fit(flat, y)
    expected = model.predict_proba(flat)
    read_only = flat.copy()
    read_only.setflags(write=False)
    joblib.dump(flat, tmp_path / "X")
    mapped = joblib.load(tmp_path / "X", mmap_mode="r")
    mirrored = np.ascontiguousarray(flat[:, ::-1])[:, ::-1]
    for other in (read_only, mapped, mirrored, np.asfortranarray(flat), torch.from_numpy(flat)):
        assert_array_equal(quick(Classifier).fit(other, y).predict_proba(other), expected)


@BOTH
def test_the_callers_arrays_stay_as_they_were(images, Classifier):
    X, y = images
    X = X.astype(np.float32)
    before, weights = X.copy(), np.arange(1.0, 61)
    quick(Classifier).fit(X, y, sample_weight=weights).predict(X)
    assert_array_equal(X, before)
    assert_array_equal(weights, np.arange(1.0, 61))


@BOTH
@pytest.mark.parametrize(
    "change", [lambda x: x / 16, lambda x: (x - 4.9) / 6.0, lambda x: x / 16 * 1.275 - 0.1]
)
def test_the_scale_of_the_pixels_does_not_matter(digits, Classifier, change):
    X, y = digits
    accuracies = [
        quick(Classifier, max_epochs=10, lr=0.003)
        .fit(data[:1200], y[:1200])
        .score(data[1200:], y[1200:])
        for data in (X, change(X))
    ]
    # Rounding changes the course of a training, and with it a few digits of 597.
    assert accuracies[0] == pytest.approx(accuracies[1], abs=0.01)


def test_black_on_white_is_as_good_as_white_on_black(digits):
    X, y = digits
    model = quick(max_epochs=10).fit(16 - X[:1200], y[:1200])
    assert model.background_ == 16
    assert model.score(16 - X[1200:], y[1200:]) > 0.9


def test_pixels_of_another_range_warn(fitted, digits):
    with pytest.warns(
        UserWarning, match=r"0 to 1, but LeNet5Classifier was fitted on pixels from 0 to 16"
    ) as record:
        fitted.predict(digits[0] / 16)
    assert record[0].filename == __file__


# Labels


LABELS = {
    "int8": np.array([3, 5, 8], dtype=np.int8),
    "int64": np.array([3, 5, 8]),
    "strings": np.array(["three", "five", "eight"]),
    "objects": np.array(["3", "5", "8"], dtype=object),
    "floats": np.array([3.0, 5.0, 8.0]),
    "negative": np.array([-1, 0, 7]),
}


@BOTH
@pytest.mark.parametrize("kind", LABELS)
def test_labels_come_back_as_they_went_in(images, Classifier, kind):
    X, codes = images
    y = LABELS[kind][codes]
    model = quick(Classifier).fit(X, y)
    reference = quick(Classifier).fit(X, np.unique(y, return_inverse=True)[1])
    predicted = model.predict(X)
    assert predicted.dtype == y.dtype
    assert_array_equal(model.classes_, np.unique(y))
    assert_array_equal(predicted, np.unique(y)[reference.predict(X)])
    assert model.score(X, y) == reference.score(X, np.unique(y, return_inverse=True)[1])
    assert model.predict_proba(X).shape == (60, 3)


def test_labels_of_pandas_and_bool(images):
    X, codes = images
    y = pd.Series(LABELS["strings"][codes]).astype("category")
    assert set(quick().fit(X, y).predict(X)) <= {"three", "five", "eight"}
    truth = codes == 1
    model = quick().fit(X, truth)
    assert model.classes_.tolist() == [False, True]
    assert model.predict(X).dtype == bool
    assert model.decision_function(X).shape == (60,)


def test_a_single_class_is_always_predicted(images):
    model = quick().fit(images[0], np.full(60, 7))
    assert set(model.predict(images[0])) == {7}
    assert_array_equal(model.predict_proba(images[0]), np.ones((60, 1)))
    assert model.decision_function(images[0]).shape == (60,)


# Probabilities
