"""The net of a distributed fit is that of a fit in one process, whatever the blocks are."""

import time

import dask.array as da
import dask.dataframe as dd
import numpy as np
import pandas as pd
import pytest
from dask.delayed import delayed
from distributed import Client, LocalCluster, get_worker
from helpers import exactly

from sklearn_lenet import (
    DaskDenseDigitClassifier,
    DaskLeNet5Classifier,
    DenseDigitClassifier,
    LeNet5Classifier,
)
from sklearn_lenet.distributed import _shared_fit
from sklearn_lenet.distributed._row_blocks import placed
from sklearn_lenet.distributed._worker_tasks import FITS

LOCAL = {DaskLeNet5Classifier: LeNet5Classifier, DaskDenseDigitClassifier: DenseDigitClassifier}

# With plain gradient descent, differences of rounding stay small; Adam divides by small numbers.
SGD = {"max_epochs": 2, "optimizer": "sgd", "lr": 0.02, "random_state": 0, "n_threads": 1}

# A maximum of two values that are equal except for rounding may have the gradient of either.
SMOOTH = {"activation": "tanh", "pooling": "avg"}


def in_blocks(rows, *sizes):
    """Return a dask array of rows in blocks of these sizes."""
    return da.from_array(rows, chunks=(sizes, *rows.shape[1:]))


def assert_equal_fits(shared, local):
    """Compare all that a fit learns."""
    ours, theirs = shared.module_.state_dict(), local.module_.state_dict()
    assert ours.keys() == theirs.keys()
    for name in ours:
        np.testing.assert_allclose(ours[name], theirs[name], atol=2e-5, err_msg=name)
    np.testing.assert_array_equal(shared.classes_, local.classes_)
    np.testing.assert_allclose(shared.pixel_scale_, local.pixel_scale_, rtol=1e-12)
    assert shared.background_ == local.background_
    assert shared.temperature_ == pytest.approx(local.temperature_, abs=1e-3)
    assert shared.novelty_threshold_ == pytest.approx(local.novelty_threshold_, abs=1e-2)
    assert shared.n_iter_ == local.n_iter_
    assert [list(epoch) for epoch in shared.history_] == [list(e) for e in local.history_]
    assert all(epoch["dur"] > 0 for epoch in shared.history_)
    np.testing.assert_allclose(shared.loss_curve_, local.loss_curve_, atol=1e-5)
    if local.validation_scores_ is not None:
        np.testing.assert_allclose(shared.validation_scores_, local.validation_scores_, atol=1e-6)


@pytest.fixture(scope="module")
def data(digits):
    """700 digits sorted by label: a block lacks most of the labels."""
    X, y = digits
    order = np.argsort(y[:700], kind="stable")
    return X[order].astype(np.float32), y[order]


@pytest.mark.parametrize("Classifier", LOCAL)
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"augment": None, "calibrate": False},
        {"augment": "affine", "dropout": 0.3, "average_weights": True},
        {"early_stopping": True, "validation_fraction": 0.2, "class_weight": "balanced"},
    ],
    ids=str,
)
def test_the_net_is_that_of_one_process(client, data, Classifier, settings):
    X, y = data
    settings = SGD | settings
    if Classifier is DaskLeNet5Classifier:
        settings |= SMOOTH
    shared = Classifier(**settings, client=client)
    shared.fit(in_blocks(X, 300, 399, 1), in_blocks(y, 300, 399, 1))
    assert_equal_fits(shared, LOCAL[Classifier](**settings).fit(X, y))


def test_weights_of_rows_and_validation_rows(client, data):
    X, y = data
    weights = np.random.default_rng(0).integers(0, 3, size=len(y)).astype(float)
    weights[:350] = 0.0  # all rows of the first block
    settings = SGD | SMOOTH
    local = LeNet5Classifier(**settings).fit(X, y, weights, X_val=X[::7], y_val=y[::7])
    shared = DaskLeNet5Classifier(**settings, client=client).fit(
        in_blocks(X, 350, 350),
        in_blocks(y, 350, 350),
        in_blocks(weights, 350, 350),
        X_val=in_blocks(X[::7], 60, 40),
        y_val=in_blocks(y[::7], 60, 40),
    )
    assert_equal_fits(shared, local)


def test_few_rows_in_one_batch_are_fitted_in_float64(client, data):
    X, y = data[0][::10], data[1][::10]
    settings = SGD | SMOOTH | {"augment": None, "batch_size": 128}
    shared = DaskLeNet5Classifier(**settings, client=client).fit(
        in_blocks(X, 35, 35), in_blocks(y, 35, 35)
    )
    assert_equal_fits(shared, LeNet5Classifier(**settings).fit(X, y))


@pytest.mark.parametrize(
    "sizes", [(700,), (1,) * 5 + (695,), (0, 350, 0, 350)], ids=["one", "single rows", "empty"]
)
def test_any_blocks(client, data, sizes):
    X, y = data
    settings = SGD | {"calibrate": False, "max_epochs": 1}
    shared = DaskLeNet5Classifier(**settings, client=client)
    shared.fit(in_blocks(X, *sizes), in_blocks(y, *sizes))
    local = LeNet5Classifier(**settings).fit(X, y)
    np.testing.assert_allclose(shared.loss_, local.loss_, atol=1e-6)


def test_three_workers_sum_around_a_ring_and_lend_each_other_rows(data):
    X, y = data
    settings = SGD | SMOOTH
    with (
        LocalCluster(
            n_workers=3, threads_per_worker=1, processes=False, dashboard_address="127.0.0.1:0"
        ) as cluster,
        Client(cluster) as client,
    ):
        shared = DaskLeNet5Classifier(**settings, client=client)
        shared.fit(in_blocks(X, 500, 150, 50), in_blocks(y, 500, 150, 50))
    assert_equal_fits(shared, LeNet5Classifier(**settings).fit(X, y))


def test_frames_keep_the_names_of_their_columns(client, data):
    X, y = data
    frame = pd.DataFrame(X, columns=[f"p{k}" for k in range(64)])
    settings = SGD | {"calibrate": False}
    shared = DaskLeNet5Classifier(**settings, client=client).fit(
        dd.from_pandas(frame, npartitions=3), dd.from_pandas(pd.Series(y), npartitions=3)
    )
    local = LeNet5Classifier(**settings).fit(frame, y)
    assert shared.feature_names_in_.tolist() == local.feature_names_in_.tolist()
    np.testing.assert_allclose(shared.loss_, local.loss_, atol=1e-6)


def test_images_uint8_strings_as_labels_and_data_without_dask(client, images):
    X, kinds = images
    y = np.array(["row", "column", "diagonal"])[kinds]
    settings = SGD | SMOOTH
    shared = DaskLeNet5Classifier(**settings, client=client).fit(X, y)
    local = LeNet5Classifier(**settings).fit(X, y)
    assert_equal_fits(shared, local)
    np.testing.assert_array_equal(shared.predict(X), local.predict(X))


def test_it_is_known_which_worker_has_a_block_in_memory(client, data, monkeypatch):
    X, y = (client.persist(in_blocks(part, 350, 350)) for part in data)
    noted = []

    def spied(sizes, holders, workers):
        noted.extend(holders)
        return placed(sizes, holders, workers)

    monkeypatch.setattr(_shared_fit, "placed", spied)
    DaskLeNet5Classifier(max_epochs=1, calibrate=False, client=client).fit(X, y)
    at = client.who_has()
    assert noted == [list(at[key]) for (key,) in X.__dask_keys__()]


def test_a_warm_start_goes_on(client, data):
    X, y = data
    settings = SGD | {"warm_start": True, "calibrate": False}
    blocks = in_blocks(X, 350, 350), in_blocks(y, 350, 350)
    shared = DaskLeNet5Classifier(**settings, client=client).fit(*blocks).fit(*blocks)
    local = LeNet5Classifier(**settings).fit(X, y).fit(X, y)
    assert len(shared.loss_curve_) == 4
    np.testing.assert_allclose(shared.loss_curve_, local.loss_curve_, atol=1e-5)
    with pytest.raises(ValueError, match="but warm_start=True continues with a net for"):
        shared.fit(blocks[0], blocks[1] + 5)
    with pytest.raises(ValueError, match=exactly(
        "X has 63 features, but LeNet5Classifier is expecting 64 features as input."
    )):  # fmt: skip
        shared.fit(blocks[0][:, 1:], blocks[1])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda frame: frame.iloc[:, 1:], "X has blocks of 64 and of 63 features: all blocks need "
         "the same columns."),
        (lambda frame: frame.rename(columns={"p0": "other"}), "X has blocks with other names of "
         "columns: all blocks need the same ones."),
    ],
)  # fmt: skip
def test_blocks_with_other_columns(client, data, change, message):
    X, y = data
    first = pd.DataFrame(X[:350], columns=[f"p{k}" for k in range(64)])
    frames = dd.from_delayed(
        [delayed(first), delayed(change(first))], meta=first[:0], verify_meta=False
    )
    labels = dd.from_delayed([delayed(pd.Series(y[:350])), delayed(pd.Series(y[350:]))])
    with pytest.raises(ValueError, match=exactly(message)):
        DaskLeNet5Classifier(max_epochs=1, client=client).fit(frames, labels)


def test_blocks_whose_pixels_have_other_types(client, data):
    X, y = data
    frames = [pd.DataFrame(X[:300].astype(np.uint8)), pd.DataFrame(X[300:].astype(np.float64))]
    blocks = dd.from_delayed([delayed(f) for f in frames], meta=frames[1][:0], verify_meta=False)
    labels = dd.from_delayed([delayed(pd.Series(part)) for part in (y[:300], y[300:])])
    settings = SGD | SMOOTH
    shared = DaskLeNet5Classifier(**settings, client=client).fit(blocks, labels)
    assert_equal_fits(shared, LeNet5Classifier(**settings).fit(X, y))


def loaded(rows):
    """Load a block, on a worker; note how many of its blocks wait for being added to the file."""
    worker = get_worker()
    time.sleep(0.02)  # as from a disk
    worker.n_loaded = getattr(worker, "n_loaded", 0) + 1
    n_added = sum(len(part.blocks) for part in getattr(worker, FITS, {}).values())
    worker.most_waiting = max(getattr(worker, "most_waiting", 0), worker.n_loaded - n_added)
    return rows


def test_a_worker_loads_few_blocks_before_it_writes_them(client, data):
    X, y = data[0][:10], np.tile(data[1][:10], 40)
    X = da.concatenate([da.from_delayed(delayed(loaded)(X), X.shape, X.dtype) for _ in range(40)])
    DaskDenseDigitClassifier(**SGD | {"calibrate": False}, client=client).fit(X, y)
    waiting = client.run(lambda dask_worker: dask_worker.__dict__.pop("most_waiting"))
    assert len(waiting) == 2
    assert all(0 < n <= 8 for n in waiting.values()), waiting  # of 20; it has two threads
