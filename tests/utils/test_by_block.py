"""Methods of fitted estimators on arrays and tables of Dask: lazy, block by block."""

import numpy as np
import pandas as pd
import pytest
import torch
from helpers import exactly, quick
from numpy.testing import assert_array_equal
from sklearn import config_context
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import make_pipeline

from sklearn_lenet import (
    DenseDigitClassifier,
    DigitImageReader,
    LayerFeatures,
    LeNet5Classifier,
    PadNormalizer,
)

pytestmark = pytest.mark.usefixtures("one_thread")

da = pytest.importorskip("dask.array", reason="needs the extra dask")
dd = pytest.importorskip("dask.dataframe", reason="needs the extra dask")
dask = pytest.importorskip("dask")

METHODS = [
    "predict",
    "predict_proba",
    "predict_log_proba",
    "decision_function",
    "novelty_score",
]
NAMES = [f"p{k}" for k in range(64)]


def unknown_rows(X):
    """Return X without one row, in blocks of unknown sizes of which one has no row."""
    rows = da.from_array(X, chunks=(40, 64))
    keep = np.ones(len(X), dtype=bool)
    keep[40:80] = False
    return rows[da.from_array(keep, chunks=40)]


FORMS = {
    "rows": lambda X: da.from_array(X, chunks=(40, 64)),
    "cut rows": lambda X: da.from_array(X, chunks=(40, 9)),
    "images": lambda X: da.from_array(X.reshape(-1, 8, 8), chunks=(40, 4, 3)),
    "channel first": lambda X: da.from_array(X.reshape(-1, 1, 8, 8), chunks=(40, 1, 8, 5)),
    "channel last": lambda X: da.from_array(X.reshape(-1, 8, 8, 1), chunks=(40, 3, 8, 1)),
    "unknown": unknown_rows,
    "no rows": lambda X: da.concatenate([da.from_array(X[:0]), da.from_array(X)]),
    "float32": lambda X: da.from_array(X.astype(np.float32), chunks=(40, 64)),
    "uint8": lambda X: da.from_array(X.astype(np.uint8), chunks=(40, 64)),
    "table": lambda X: dd.from_pandas(pd.DataFrame(X), npartitions=3),
    "table without rows": lambda X: dd.from_pandas(pd.DataFrame(X), npartitions=3).loc[50:],
}


def assert_lazy(found, expected, X):
    """Check an array of Dask before and after it is computed."""
    assert isinstance(found, da.Array)
    assert (found.dtype, found._meta.dtype) == (expected.dtype, expected.dtype)
    assert type(found._meta) is np.ndarray
    assert found._meta.ndim == found.ndim == expected.ndim
    assert found.shape[1:] == expected.shape[1:]
    n_blocks = X.numblocks[0] if isinstance(X, da.Array) else X.npartitions
    assert found.numblocks == (n_blocks, *[1] * (found.ndim - 1))
    if isinstance(X, da.Array):
        assert_array_equal(found.chunks[0], X.chunks[0])
    assert_array_equal(found.compute(scheduler="sync"), expected)


@pytest.mark.parametrize("form", FORMS)
def test_all_forms_give_the_bits_of_the_whole_array(fitted, digits, form):
    X = FORMS[form](digits[0][:100])
    expected = fitted.predict_proba(X.compute())
    assert len(expected) in (50, 60, 100)
    assert_lazy(fitted.predict_proba(X), expected, X)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("n_classes", [2, 10])
def test_all_methods(digits, method, n_classes):
    X, y = digits[0][:300], digits[1][:300] % n_classes
    model = quick(DenseDigitClassifier).fit(X, y.astype(str))
    lazy = da.from_array(X, chunks=(70, 64))
    assert_lazy(getattr(model, method)(lazy), getattr(model, method)(X), lazy)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.uint8])
def test_transformers(fitted, digits, dtype):
    X = digits[0][:100].astype(dtype)
    lazy = da.from_array(X.reshape(-1, 8, 8), chunks=(40, 8, 8))
    features = LayerFeatures(quick(DenseDigitClassifier), layer="hidden2")
    for model in (PadNormalizer(), PadNormalizer(size=12, scale="unit"), features):
        model.fit(X, digits[1][:100])
        assert_lazy(model.transform(lazy), model.transform(X), lazy)


@pytest.mark.parametrize("everywhere", [False, True])
def test_a_table_of_all_rows_is_refused(digits, everywhere):
    X = digits[0][:20]
    lazy, model = da.from_array(X, chunks=(10, 64)), PadNormalizer().fit(X)
    if not everywhere:
        model.set_output(transform="pandas")
    with (
        config_context(transform_output="pandas" if everywhere else "default"),
        pytest.raises(ValueError, match="would load all rows") as error,
    ):
        model.transform(lazy)
    assert str(error.value) == (
        "set_output(transform='pandas') would load all rows of a Dask collection: use "
        "set_output(transform='default'), which gives a lazy array."
    )
    model.set_output(transform="default")
    assert_lazy(model.transform(lazy), model.transform(X), lazy)


def test_pictures_become_rows(images):
    pictures = np.concatenate([images[0][:6], 255 - images[0][:6]])
    lazy = da.from_array(pictures, chunks=5)
    assert_lazy(DigitImageReader().transform(lazy), DigitImageReader().transform(pictures), lazy)


def test_nothing_is_computed_until_asked(digits):
    X, y = digits[0][:200], digits[1][:200]
    computed = []

    def noted(block):
        computed.append(len(block))
        return block

    lazy = da.from_array(X, chunks=(50, 64)).map_blocks(noted, meta=X[:0])
    pipe = make_pipeline(PadNormalizer(), quick(DenseDigitClassifier)).fit(X, y)
    found = pipe.predict(lazy)
    fields = pipe[0].transform(lazy)
    assert computed == []
    assert_array_equal(found[:60].compute(), pipe.predict(X[:60]))
    assert computed == [50, 50]
    assert_array_equal(fields[150:].compute(), pipe[0].transform(X[150:]))
    assert computed == [50, 50, 50]


def test_the_graph_contains_the_model_once(fitted, digits, monkeypatch):
    loaded = []
    load = LeNet5Classifier.__setstate__
    monkeypatch.setattr(
        LeNet5Classifier, "__setstate__", lambda self, state: loaded.append(1) or load(self, state)
    )
    frame = dd.from_pandas(pd.DataFrame(digits[0][:60]), npartitions=6)
    for X in (da.from_array(digits[0][:60], chunks=(10, 64)), frame):
        loaded.clear()
        found = fitted.predict(X)
        assert loaded == []
        found.compute()
        assert loaded == [1]


def test_a_later_fit_does_not_change_what_was_asked(digits):
    X, y = digits[0][:100], digits[1][:100]
    model = quick(DenseDigitClassifier).partial_fit(X, y, classes=np.arange(10))
    before = model.predict_proba(X)
    lazy = model.predict_proba(da.from_array(X, chunks=(40, 64)))
    model.partial_fit(X, y)
    assert np.abs(model.predict_proba(X) - before).max() > 1e-3
    assert_array_equal(lazy.compute(), before)


def test_names_of_columns_are_checked(digits):
    frame = pd.DataFrame(digits[0][:90], columns=NAMES)
    lazy = dd.from_pandas(frame, npartitions=2)
    pipe = make_pipeline(PadNormalizer(), quick(DenseDigitClassifier)).fit(frame, digits[1][:90])
    model = quick(DenseDigitClassifier).fit(frame, digits[1][:90])
    for estimator in (pipe, model):
        assert_lazy(estimator.predict_proba(lazy), estimator.predict_proba(frame), lazy)
        with pytest.raises(ValueError, match="feature names should match"):
            estimator.predict_proba(lazy.rename(columns={"p3": "q3"}))


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda: da.zeros((9, 63), chunks=3),
            ValueError,
            "X has 63 features, but LeNet5Classifier is expecting 64 features as input.",
        ),
        (
            lambda: da.zeros((9, 4, 16), chunks=3),
            ValueError,
            "X contains images of 4x16, but LeNet5Classifier was fitted on 8x8.",
        ),
        (
            lambda: da.zeros((9, 64), chunks=3, dtype=complex),
            ValueError,
            "Complex data not supported: X has the type complex128; use X.real or np.abs(X).",
        ),
        (
            lambda: da.zeros(9, chunks=3),
            ValueError,
            "Reshape your data: X has shape (1,), but (n, p), (n, h, w), (n, 1, h, w), "
            "(n, h, w, 1) or (n, h, w, 3) is needed.",
        ),
        (
            lambda: dd.from_pandas(pd.DataFrame(np.zeros((9, 63))), npartitions=2),
            ValueError,
            "X has 63 features, but LeNet5Classifier is expecting 64 features as input.",
        ),
    ],
    ids=["features", "shape", "complex", "one axis", "columns"],
)
def test_errors_come_at_once(fitted, make, error, message):
    with pytest.raises(error, match=exactly(message)):
        fitted.predict(make())


def test_a_fitted_estimator_is_needed_at_once():
    X = da.zeros((9, 64), chunks=3)
    for model, method in [
        *((LeNet5Classifier(), method) for method in METHODS),
        (PadNormalizer(), "transform"),
        (LayerFeatures(), "transform"),
    ]:
        name = type(model).__name__
        with pytest.raises(
            NotFittedError, match=exactly(f"{name} is not fitted yet: call fit first.")
        ):
            getattr(model, method)(X)


def test_errors_of_a_block_come_when_it_is_computed(fitted, digits):
    X = digits[0][:20].copy()
    X[15, 3] = np.nan
    found = fitted.predict(da.from_array(X, chunks=(10, 64)))
    assert_array_equal(found[:10].compute(), fitted.predict(X[:10]))
    with pytest.raises(ValueError, match="contains NaN in 1 of 10 rows"):
        found.compute()


def test_the_score_of_lazy_rows(fitted, digits):
    X, y = digits[0][600:900], digits[1][600:900]
    rows, labels = da.from_array(X, chunks=(70, 64)), da.from_array(y, chunks=70)
    weights = np.linspace(0, 1, 300)
    frame = dd.from_pandas(pd.DataFrame(X), npartitions=3)
    series = dd.from_pandas(pd.Series(y), npartitions=3)
    right = fitted.predict(X) == y
    for lazy, truth in [(rows, labels), (rows, y), (frame, series), (X, labels)]:
        assert fitted.score(lazy, truth) == right.mean()
    weighted = fitted.score(rows, labels, sample_weight=da.from_array(weights, chunks=70))
    assert weighted == pytest.approx(np.average(right, weights=weights), abs=1e-12)
    pipe = make_pipeline(PadNormalizer(), quick()).fit(X, y)
    assert pipe.score(rows, labels) == np.mean(pipe.predict(X) == y)


def test_each_block_takes_one_core(fitted, digits, monkeypatch):
    from sklearn_lenet.training import _inference

    seen, to_tensor = [], _inference.to_tensor

    def noted(pixels):
        seen.append(torch.get_num_threads())
        return to_tensor(pixels)

    before = torch.get_num_threads()
    found = fitted.predict(da.from_array(digits[0][:80], chunks=(10, 64)))
    monkeypatch.setattr(_inference, "to_tensor", noted)
    found.compute(scheduler="threads", num_workers=2)
    assert seen == [1] * 8
    assert torch.get_num_threads() == before
