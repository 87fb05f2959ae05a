"""Grid searches of scikit-learn on a Dask cluster: scores, bytes sent, and progress."""

import joblib
import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.experimental import enable_halving_search_cv  # noqa: F401 - enables the class below
from sklearn.model_selection import GridSearchCV, HalvingGridSearchCV, cross_validate
from sklearn.pipeline import make_pipeline

from sklearn_lenet import DenseDigitClassifier, LeNet5Classifier, PadNormalizer

distributed = pytest.importorskip("distributed", reason="needs the extra dask")

NET = DenseDigitClassifier(hidden_layer_sizes=(8,), max_epochs=2, random_state=0)
LRS = [0.001, 0.01]
SEARCHES = {
    "grid": lambda: GridSearchCV(NET, {"lr": LRS}, cv=2),
    "pipeline": lambda: GridSearchCV(
        make_pipeline(PadNormalizer(), LeNet5Classifier(max_epochs=1, random_state=0)),
        {"padnormalizer__size": [16, 20]},
        cv=2,
    ),
    "halving": lambda: HalvingGridSearchCV(
        NET, {"lr": [0.0001, 0.001, 0.01, 0.1]}, resource="max_epochs", max_resources=4,
        min_resources=1, factor=2, cv=2, random_state=0,
    ),
    "halving rows": lambda: HalvingGridSearchCV(
        NET, {"lr": LRS}, factor=2, cv=2, min_resources=60, random_state=0
    ),
}  # fmt: skip


@pytest.mark.parametrize("search", SEARCHES)
def test_scores_are_those_of_joblib(client, digits, search):
    X, y = digits[0][:120], digits[1][:120]
    expected = SEARCHES[search]().fit(X, y)
    with joblib.parallel_config(backend="dask", client=client, scatter=[X, y]):
        found = SEARCHES[search]().fit(X, y)
    scores = [key for key in expected.cv_results_ if key.endswith("_test_score")]
    assert len(scores) >= 5
    for key in scores:
        assert_array_equal(found.cv_results_[key], expected.cv_results_[key])
    assert found.best_params_ == expected.best_params_
    assert_array_equal(found.predict_proba(X), expected.predict_proba(X))


def test_fitted_nets_come_back(client, digits):
    X, y = digits[0][:120], digits[1][:120]
    options = {"cv": 3, "return_estimator": True}
    expected = cross_validate(NET, X, y, **options)
    with joblib.parallel_config(backend="dask", client=client, scatter=[X, y]):
        found = cross_validate(NET, X, y, **options)
    for one, other in zip(found["estimator"], expected["estimator"], strict=True):
        assert_array_equal(one.predict_proba(X), other.predict_proba(X))


def counters():
    """Functions that count what a process writes to TCP; they travel by value."""

    def start():
        from distributed.comm.tcp import TCP

        write = TCP.write

        async def counted(self, *args, **kwargs):
            n_bytes = await write(self, *args, **kwargs)
            TCP.n_bytes += n_bytes
            return n_bytes

        TCP.original, TCP.write, TCP.n_bytes = write, counted, 0

    def stop():
        from distributed.comm.tcp import TCP

        TCP.write = TCP.original
        return TCP.n_bytes

    return start, stop


def bytes_sent_by(client, action):
    """Return how many bytes the client, the scheduler and the workers send while it runs."""
    start, stop = counters()
    start()
    client.run(start)
    try:
        action()
    finally:
        of_workers = client.run(stop).values()
        here = stop()
    return here + sum(of_workers)


@pytest.fixture
def kept_copies(client):
    """Dask's active memory manager would drop a worker's copy of the data between two rounds."""
    client.amm.stop()
    yield
    client.amm.start()


@pytest.mark.parametrize("search", ["grid", "halving"])
def test_the_data_is_sent_once_to_each_worker(client, kept_copies, search):
    rng = np.random.default_rng(0)
    X, y = rng.integers(0, 256, (6000, 784), dtype=np.uint8), np.arange(6000) % 2
    search = SEARCHES[search]().set_params(refit=False, estimator__calibrate=False)

    def fit():
        with joblib.parallel_config(backend="dask", client=client, scatter=[X, y]):
            search.fit(X, y)

    n_workers = len(client.scheduler_info()["workers"])
    assert n_workers == 2
    sent = bytes_sent_by(client, fit)
    copies = 1 + n_workers  # the client sends one to the scheduler
    assert copies * X.nbytes < sent < copies * X.nbytes + 2e6


def test_progress_is_seen(client, digits, capsys):
    X, y = digits[0][:100], digits[1][:100]
    with joblib.parallel_config(backend="dask", client=client, scatter=[X, y], verbose=11):
        GridSearchCV(NET, {"lr": LRS}, cv=2, refit=False).fit(X, y)
    lines = capsys.readouterr().err.splitlines()
    assert any("Done   4 out of   4" in line for line in lines)
