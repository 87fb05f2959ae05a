"""LayerFeatures: the activations of a layer as features in a pipeline."""

import numpy as np
import pytest
import sklearn
from helpers import exactly
from sklearn.base import clone
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline

from sklearn_lenet import LayerFeatures, LeNet5Classifier, activations


def test_features_feed_another_estimator(digits):
    X, y = digits
    features = LayerFeatures(LeNet5Classifier(max_epochs=8, random_state=0), layer="S4")
    pipe = make_pipeline(features, PCA(30, random_state=0), LogisticRegression(max_iter=500))
    assert cross_val_score(pipe, X[:900], y[:900], cv=3).mean() > 0.9
    fitted = features.fit(X[:300], y[:300])
    assert fitted.transform(X[:5]).shape == (5, 400)
    names = fitted.get_feature_names_out()
    assert (names[0], names[-1], len(names)) == ("s4_0", "s4_399", 400)
    frame = fitted.set_output(transform="pandas").transform(X[:5])
    assert list(frame.columns) == list(names)


def test_a_frozen_net_is_not_trained_again(digits, net):
    X, y = digits
    features = LayerFeatures(FrozenEstimator(net), layer="F6").fit(X[:50], y[:50])
    np.testing.assert_array_equal(features.transform(X[:5]), activations(net, X[:5], "F6"))


ERRORS = {
    "an unknown layer": (
        lambda X: LayerFeatures(LeNet5Classifier(max_epochs=1), layer="C9").fit(X, [0, 1] * 10),
        ValueError,
        "layer='C9' is not a layer of this net; use one of input, C1, S2, C3, S4, C5, F6, output.",
    ),
    "another classifier": (
        lambda X: LayerFeatures(RandomForestClassifier()).fit(X, [0, 1] * 10),
        TypeError,
        "RandomForestClassifier has no layers that can be inspected; pass a LeNet5Classifier, a "
        "DenseDigitClassifier, or a pipeline that ends in one.",
    ),
}


@pytest.mark.parametrize("case", ERRORS)
def test_errors(case, digits):
    act, error, message = ERRORS[case]
    with pytest.raises(error, match=exactly(message)):
        act(digits[0][:20])


def test_metadata_routing_reaches_the_net(digits):
    X, y = digits[0][:100], digits[1][:100]
    weights = np.where(y < 5, 1.0, 1e-6)
    net = LeNet5Classifier(max_epochs=2, random_state=0)
    expected = LayerFeatures(net).fit(X, y, sample_weight=weights).transform(X)
    with sklearn.config_context(enable_metadata_routing=True):
        asked = LayerFeatures(clone(net).set_fit_request(sample_weight=True))
        found = asked.fit(X, y, sample_weight=weights).transform(X)
        np.testing.assert_array_equal(found, expected)
        last = LogisticRegression(max_iter=500).set_fit_request(sample_weight=False)
        pipe = make_pipeline(clone(asked), last)
        pipe.fit(X, y, sample_weight=weights)
        np.testing.assert_array_equal(pipe[0].transform(X), expected)
        refused = LayerFeatures(clone(net).set_fit_request(sample_weight=False))
        with pytest.raises(TypeError, match="sample_weight"):
            refused.fit(X, y, sample_weight=weights)
