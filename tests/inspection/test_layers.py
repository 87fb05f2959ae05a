"""The layers of a net by name, and the classifier inside other estimators."""

import numpy as np
import pytest
import torch
from sklearn.frozen import FrozenEstimator
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from sklearn_lenet import LeNet5Classifier, PadNormalizer, activations
from sklearn_lenet.inspection._layers import (
    forward_by_layer,
    layer_name,
    layers_of,
    standardised_batch,
    unwrap,
)
from sklearn_lenet.nets import DenseNet, LeNet5


def test_layers_have_the_names_of_1998():
    assert list(layers_of(LeNet5())) == ["C1", "S2", "C3", "S4", "C5", "F6", "output"]
    dense = DenseNet(9, 2, hidden_layer_sizes=(4, 3))
    assert list(layers_of(dense)) == ["hidden1", "hidden2", "output"]


def test_a_layer_is_named_in_any_case():
    assert [layer_name(LeNet5(), name) for name in ("c1", "INPUT", "Output")] == [
        "C1",
        "input",
        "output",
    ]


def test_the_last_layer_gives_the_logits_of_the_module():
    for module, batch in [
        (LeNet5(dropout=0.5), torch.rand(3, 1, 32, 32)),
        (DenseNet(9, 2, dropout=0.5), torch.rand(3, 9)),
    ]:
        outputs = forward_by_layer(module, batch)  # without dropout also in training mode
        assert next(iter(outputs)) == "input"
        assert torch.equal(outputs["input"], batch)
        assert torch.allclose(outputs["output"], module.eval()(batch), atol=1e-6)


def test_transformers_and_classifier_are_found(net, pipeline):
    assert unwrap(net) == ([], net)
    assert unwrap(FrozenEstimator(net)) == ([], net)
    (transformers,), classifier = unwrap(pipeline)
    assert classifier is pipeline[-1]
    assert transformers.steps == pipeline.steps[:-1]
    (transformers,), classifier = unwrap(make_pipeline(PadNormalizer(), FrozenEstimator(net)))
    assert classifier is net


def test_a_fitted_search_is_looked_into(digits):
    X, y = digits
    pipe = make_pipeline(PadNormalizer(), LeNet5Classifier(max_epochs=1, random_state=0))
    search = GridSearchCV(pipe, {"lenet5classifier__lr": [0.004]}, cv=2).fit(X[:200], y[:200])
    best = search.best_estimator_
    np.testing.assert_array_equal(
        activations(search, X[:4], "F6"),
        activations(best[-1], best[:-1].transform(X[:4]), "F6"),
    )


@pytest.mark.parametrize("fixture", ["net", "dense"])
def test_a_batch_has_the_learned_scale(fixture, digits, request):
    clf = request.getfixturevalue(fixture)
    X = digits[0][:30]
    batch = standardised_batch(clf, X)
    scale = clf.pixel_scale_
    rows = (X - scale.mean) / scale.deviation
    assert batch.dtype == torch.float32
    if fixture == "dense":
        np.testing.assert_allclose(batch, rows, atol=1e-5)
    else:  # every pixel of the digit is in the field; all other pixels are background
        assert batch.shape == (30, 1, 32, 32)
        np.testing.assert_allclose(batch.unique(), np.unique(rows.astype(np.float32)), atol=1e-5)
