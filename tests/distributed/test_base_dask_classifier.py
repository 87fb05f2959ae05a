import copy
import inspect
import pickle

import dask.array as da
import numpy as np
import pytest
from helpers import exactly
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import cross_val_score

from sklearn_lenet import (
    DaskDenseDigitClassifier,
    DaskLeNet5Classifier,
    DenseDigitClassifier,
    DivergedError,
    LeNet5Classifier,
)

SHORT = {"max_epochs": 2, "augment": None, "calibrate": False, "random_state": 0}
PAIRS = [
    (DaskLeNet5Classifier, LeNet5Classifier),
    (DaskDenseDigitClassifier, DenseDigitClassifier),
]


@pytest.fixture(scope="module")
def data(digits):
    X, y = digits
    return da.from_array(X[:400], chunks=(200, 64)), da.from_array(y[:400], chunks=200)


@pytest.fixture(scope="module")
def shared(cluster, data):
    """A fitted classifier without a client."""
    from distributed import Client

    with Client(cluster, set_as_default=False) as client:
        return DaskDenseDigitClassifier(**SHORT, client=client).fit(*data).set_params(client=None)


@pytest.mark.parametrize(("Shared", "Local"), PAIRS)
def test_the_parameters_are_those_of_the_local_classifier(Shared, Local):
    own, local = (inspect.signature(cls.__init__).parameters for cls in (Shared, Local))
    assert list(own)[-1] == "client"
    assert {k: (v.default, v.kind) for k, v in own.items() if k != "client"} == {
        k: (v.default, v.kind) for k, v in local.items()
    }
    assert list(inspect.signature(Shared.fit).parameters) == list(
        inspect.signature(Local.fit).parameters
    )


@pytest.mark.parametrize(
    "method", ["predict", "predict_proba", "predict_log_proba", "decision_function"]
)
def test_predictions_are_those_of_the_local_classifier(shared, data, method):
    X = data[0].compute()
    expected = getattr(shared.to_local(), method)(X)
    np.testing.assert_array_equal(getattr(shared, method)(X), expected)
    lazy = getattr(shared, method)(data[0])
    assert isinstance(lazy, da.Array)
    np.testing.assert_allclose(lazy, expected, rtol=1e-5, atol=1e-6)


def test_novelty_scores(shared, data):
    X = data[0][:5].compute()
    np.testing.assert_array_equal(shared.novelty_score(X), shared.to_local().novelty_score(X))


def test_to_local_is_an_independent_classifier(shared, data):
    local = shared.to_local()
    assert type(local) is DenseDigitClassifier
    assert local.get_params() == {k: v for k, v in shared.get_params().items() if k != "client"}
    local.fit(np.eye(8), np.arange(8))
    assert shared.n_features_in_ == 64


def test_pickles_and_copies_have_no_client(client, data, shared):
    shared = copy.copy(shared).set_params(client=client)
    X = data[0].compute()
    for loaded in (pickle.loads(pickle.dumps(shared)), copy.deepcopy(shared)):
        assert loaded.client is None
        np.testing.assert_array_equal(loaded.predict(X), shared.predict(X))
        assert loaded.get_params().keys() == shared.get_params().keys()
    unfitted = pickle.loads(pickle.dumps(DaskLeNet5Classifier(client=client, lr=0.1)))
    assert (unfitted.client, unfitted.lr) == (None, 0.1)


def test_a_clone_has_the_same_client(client):
    model = DaskLeNet5Classifier(client=client, lr=0.1, class_weight={0: 2.0})
    other = clone(model)
    assert other.client is client
    assert other.get_params() == model.get_params()
    assert other.class_weight is not model.class_weight


def test_cross_validation_clones_it(client, digits):
    X, y = digits[0][:300], digits[1][:300]
    model = DaskDenseDigitClassifier(**SHORT | {"max_epochs": 10}, client=client)
    assert cross_val_score(model, X, y, cv=2).min() > 0.7


def test_lines_of_epochs_are_printed_where_the_client_is(client, data, capfd):
    DaskDenseDigitClassifier(**SHORT, verbose=1, client=client).fit(*data)
    client.sync(_nothing)  # what was printed before it has arrived
    lines = [line for line in capfd.readouterr().out.splitlines() if "epoch" in line]
    assert [line.split("  loss")[0] for line in lines] == ["epoch 1/2", "epoch 2/2"]


async def _nothing():
    import asyncio

    await asyncio.sleep(0.5)


@pytest.mark.parametrize(
    ("settings", "arguments", "error", "message"),
    [
        ({}, {"X_val": np.eye(3)}, ValueError, "y_val is missing: validation rows need both X_val "
         "and y_val."),
        ({"lr": -1.0}, {}, ValueError, "The 'lr' parameter of DaskDenseDigitClassifier must be a "
         "float in the range (0.0, inf). Got -1.0 instead."),
        ({"class_weight": {77: 1.0}}, {}, ValueError, "class_weight contains the label 77, but "
         "the classes are [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]."),
        ({}, {"sample_weight": np.zeros(400)}, ValueError, "sample_weight is zero for every row: "
         "at least one weight must be above zero."),
        ({}, {"sample_weight": np.full(400, -1.0)}, ValueError, "sample_weight contains -1: use 0 "
         "or more."),
        ({}, {"y": np.linspace(0, 1, 400)}, ValueError, "Unknown label type: continuous; "
         "DenseDigitClassifier needs classes in y: integers, strings or booleans."),
        ({}, {"X": np.full((400, 64), np.nan)}, ValueError, "Input X contains NaN in 200 of 200 "
         "rows, but DenseDigitClassifier needs finite pixels: remove those rows or replace the "
         "values."),
        ({}, {"X": np.empty((0, 64)), "y": np.empty(0)}, ValueError, "Found array with 0 "
         "sample(s): X has no rows."),
    ],
)  # fmt: skip
def test_errors(client, data, settings, arguments, error, message):
    X, y = data
    model = DaskDenseDigitClassifier(**SHORT | settings, client=client)
    with pytest.raises(error, match=exactly(message)):
        model.fit(**{"X": X, "y": y} | arguments)


def test_a_training_that_diverges_keeps_its_weights(client, data):
    model = DaskDenseDigitClassifier(**SHORT | {"lr": 1e30, "optimizer": "sgd"}, client=client)
    with pytest.raises(DivergedError, match="in epoch 1"):
        model.fit(*data)
    assert np.isfinite(model.predict_proba(data[0].compute())).all()


@pytest.mark.parametrize("method", ["predict", "to_local", "decision_function"])
def test_not_fitted(method, data):
    arguments = () if method == "to_local" else (data[0],)
    with pytest.raises(NotFittedError, match="DaskLeNet5Classifier is not fitted yet"):
        getattr(DaskLeNet5Classifier(), method)(*arguments)
    with pytest.raises(AttributeError, match="no attribute 'classes_'"):
        _ = DaskLeNet5Classifier().classes_
