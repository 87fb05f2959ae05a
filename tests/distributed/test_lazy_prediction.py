"""Lazy predictions and transformations on a cluster: the same bits, from one copy of the model."""

import pandas as pd
import pytest
from numpy.testing import assert_array_equal
from sklearn.pipeline import make_pipeline

from sklearn_lenet import LayerFeatures, PadNormalizer

da = pytest.importorskip("dask.array", reason="needs the extra dask")
dd = pytest.importorskip("dask.dataframe", reason="needs the extra dask")


def test_a_cluster_returns_the_bits_of_this_process(client, fitted, digits):
    X, y = digits[0][600:900], digits[1][600:900]
    rows = da.from_array(X, chunks=(50, 64))
    frame = dd.from_pandas(pd.DataFrame(X), npartitions=4)
    pipe = make_pipeline(PadNormalizer(), LayerFeatures(fitted)).fit(X, y)
    for lazy in (rows, frame):
        assert_array_equal(fitted.predict_proba(lazy).compute(), fitted.predict_proba(X))
        assert_array_equal(pipe.transform(lazy).compute(), pipe.transform(X))
    assert fitted.score(rows, da.from_array(y, chunks=50)) == fitted.score(X, y)


def counters():
    """Functions that count how often a process loads a net; they travel by value."""

    def start():
        from sklearn_lenet import LeNet5Classifier

        load = LeNet5Classifier.__setstate__
        loaded = LeNet5Classifier.loaded = []
        LeNet5Classifier.load = load
        LeNet5Classifier.__setstate__ = lambda self, state: loaded.append(1) or load(self, state)

    def stop():
        from sklearn_lenet import LeNet5Classifier

        n = len(LeNet5Classifier.loaded)
        LeNet5Classifier.__setstate__ = LeNet5Classifier.load
        del LeNet5Classifier.loaded, LeNet5Classifier.load
        return n

    return start, stop


def test_a_worker_loads_the_model_once_and_the_scheduler_never(client, fitted, digits):
    start, stop = counters()
    start()
    client.run(start)
    try:
        found = fitted.predict(da.from_array(digits[0][:400], chunks=(10, 64))).compute()
    finally:
        of_workers = client.run(stop).values()
        of_client_and_scheduler = stop()
    assert_array_equal(found, fitted.predict(digits[0][:400]))
    assert of_client_and_scheduler == 0
    assert max(of_workers) == 1
