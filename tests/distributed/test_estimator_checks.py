"""scikit-learn's checks of an estimator, on a cluster of one worker in this process."""

import pytest
from distributed import Client
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_lenet import DaskDenseDigitClassifier, DaskLeNet5Classifier, DenseDigitClassifier

ESTIMATORS = [
    DaskDenseDigitClassifier(max_epochs=30),
    DaskLeNet5Classifier(max_epochs=10),
]

contract = parametrize_with_checks(ESTIMATORS)
CASES = list(contract.args[1])


@pytest.fixture(scope="module", autouse=True)
def one_worker():
    """The default client of these tests."""
    options = {"processes": False, "dashboard_address": "127.0.0.1:0"}
    with Client(n_workers=1, threads_per_worker=1, **options) as client:
        yield client


@pytest.mark.slow
@pytest.mark.parametrize(("estimator", "check"), CASES, ids=contract.kwargs["ids"])
def test_contract(estimator, check):
    check(estimator)


def test_no_check_is_missing():
    local = parametrize_with_checks([DenseDigitClassifier()]).args[1]
    assert len(CASES) == 2 * len(list(local))
