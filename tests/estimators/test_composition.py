"""Inside scikit-learn's own tools: pipelines, searches, ensembles, routing."""

import numpy as np
import pytest
import sklearn
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import (
    AdaBoostClassifier,
    BaggingClassifier,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.metrics import accuracy_score, make_scorer
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline

from sklearn_lenet import DenseDigitClassifier, LeNet5Classifier, PadNormalizer


@pytest.fixture(scope="module")
def few(digits):
    return digits[0][:300], digits[1][:300]


def net(**settings):
    return DenseDigitClassifier(**{"max_epochs": 10, "random_state": 0} | settings)


def test_cross_val_score_of_a_pipeline(few):
    assert cross_val_score(make_pipeline(PadNormalizer(), net()), *few, cv=3).mean() > 0.8


@pytest.mark.parametrize(
    "ensemble",
    [
        VotingClassifier([("net", net()), ("bayes", GaussianNB())], voting="soft"),
        StackingClassifier([("net", net())], final_estimator=GaussianNB(), cv=3),
        CalibratedClassifierCV(net(), cv=3),
        BaggingClassifier(net(), n_estimators=3, random_state=0),
        AdaBoostClassifier(net(), n_estimators=3, random_state=0),
    ],
    ids=lambda ensemble: type(ensemble).__name__,
)
def test_ensembles(few, ensemble):
    X, y = few
    labels = np.array(list("abcdefghij"))[y]
    model = ensemble.fit(X[:200], labels[:200])
    assert model.score(X[200:], labels[200:]) > 0.75
    assert model.predict_proba(X[200:]).shape == (100, 10)


def test_sample_weight_is_routed_through_pipeline_and_search(few):
    X, y = few
    ignored = y == 3
    weights = np.where(ignored, 0.0, 1.0)
    with sklearn.config_context(enable_metadata_routing=True):
        pipe = make_pipeline(PadNormalizer(), net().set_fit_request(sample_weight=True))
        scorer = make_scorer(accuracy_score).set_score_request(sample_weight=True)
        search = GridSearchCV(pipe, {"densedigitclassifier__lr": [0.004]}, cv=3, scoring=scorer)
        search.fit(X, y, sample_weight=weights)
        assert 3 not in search.predict(X)
        pipe.set_params(densedigitclassifier=net().set_fit_request(sample_weight=False))
        assert 3 in pipe.fit(X, y).predict(X)


def test_a_validation_set_is_transformed_with_the_rest(few):
    X, y = few
    with sklearn.config_context(enable_metadata_routing=True):
        last = net(early_stopping=True).set_fit_request(X_val=True, y_val=True)
        pipe = make_pipeline(PadNormalizer(), last, transform_input=["X_val"])
        pipe.fit(X[:200], y[:200], X_val=X[200:], y_val=y[200:])
    assert len(last.validation_scores_) == last.n_iter_
    assert pipe.score(X[200:], y[200:]) == pytest.approx(last.best_validation_score_)


GRID = {
    "lenet5classifier__lr": [1e-6, 0.004],
    "lenet5classifier__activation": ["relu", "sigmoid"],
}


@pytest.mark.slow
def test_a_grid_search_is_the_same_on_two_jobs(few):
    pipe = make_pipeline(PadNormalizer(), LeNet5Classifier(max_epochs=15, random_state=0))
    searches = [
        GridSearchCV(pipe, GRID, n_jobs=n_jobs, cv=3, error_score="raise").fit(*few)
        for n_jobs in (1, 2)
    ]
    assert searches[0].best_params_ == searches[1].best_params_
    scores = [search.cv_results_["mean_test_score"] for search in searches]
    np.testing.assert_allclose(*scores, atol=0.02)  # other thread counts add in another order


def test_a_search_shows_our_message_for_a_bad_shape():
    search = GridSearchCV(LeNet5Classifier(), {"lr": [0.01]}, error_score="raise", cv=2)
    with pytest.raises(ValueError, match="Reshape your data: X has shape"):
        search.fit(np.zeros((10, 4, 8, 8)), np.arange(10) % 2)


@pytest.mark.skipif(
    tuple(map(int, sklearn.__version__.split(".")[:2])) < (1, 8),
    reason="temperature scaling came with scikit-learn 1.8",
)
def test_temperature_scaling(few):
    from sklearn.frozen import FrozenEstimator

    X, y = few
    frozen = FrozenEstimator(net().fit(X[:150], y[:150]))
    model = CalibratedClassifierCV(frozen, method="temperature").fit(X[150:], y[150:])
    assert (model.predict(X) == frozen.predict(X)).all()
