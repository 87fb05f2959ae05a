"""activations, compared with a forward pass of torch."""

import copy

import numpy as np
import pytest
import torch
from helpers import exactly
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import NotFittedError

from sklearn_lenet import LeNet5Classifier, activations


def through_torch(clf, X):
    """Return the output of each layer, by hooks on the module's own forward pass.

    A layer is several children, as ``c1`` and its activation. The last one has the output.
    """
    module, seen = copy.deepcopy(clf.module_).eval(), {}
    for name, layer in module.named_children():
        name = name.split("_")[0]
        layer.register_forward_hook(lambda _m, _i, out, name=name: seen.update({name: out}))
    scale = clf.pixel_scale_
    pixels = torch.from_numpy(np.asarray(clf._arrange(X.astype(np.float32))))
    with torch.no_grad():
        module((pixels - scale.mean) / scale.deviation)
    return {name: out.numpy() for name, out in seen.items()}


def test_activations_are_the_outputs_of_the_module(digits, net, dense):
    X = digits[0][:20]
    seen = through_torch(net, X)
    for layer in ["C1", "S2", "C3", "S4", "C5", "F6", "output"]:
        np.testing.assert_allclose(activations(net, X, layer), seen[layer.lower()], atol=1e-5)
        np.testing.assert_array_equal(
            activations(net, X, layer.lower()), activations(net, X, layer)
        )
    assert activations(net, X, "input").shape == (20, 1, 32, 32)
    logits = net.decision_function(X) * net.temperature_
    np.testing.assert_allclose(activations(net, X, "output"), logits, atol=1e-5)
    np.testing.assert_allclose(
        activations(dense, X, "hidden1"), through_torch(dense, X)["hidden1"], atol=1e-5
    )


def test_dropout_is_not_applied(digits):
    X, y = digits
    clf = LeNet5Classifier(max_epochs=1, dropout=0.5, warm_start=True, random_state=0)
    clf.fit(X[:200], y[:200])
    first, second = (activations(clf, X[:9], "output") for _ in range(2))
    np.testing.assert_array_equal(first, second)
    np.testing.assert_allclose(first, clf.decision_function(X[:9]) * clf.temperature_, atol=1e-4)


def test_results_do_not_depend_on_the_batch(digits, net):
    X = digits[0][:700]
    whole = activations(net, X, "S4")
    np.testing.assert_allclose(whole[650:], activations(net, X[650:], "S4"), atol=1e-5)


ERRORS = {
    "layer": (
        lambda net, X: activations(net, X, "C7"),
        ValueError,
        "layer='C7' is not a layer of this net; use one of input, C1, S2, C3, S4, C5, F6, output.",
    ),
    "layer of another type": (
        lambda net, X: activations(net, X, 3),
        ValueError,
        "layer=3 is not a layer of this net; use one of input, C1, S2, C3, S4, C5, F6, output.",
    ),
    "another classifier": (
        lambda net, X: activations(RandomForestClassifier(), X, "C1"),
        TypeError,
        "RandomForestClassifier has no layers that can be inspected; pass a LeNet5Classifier, a "
        "DenseDigitClassifier, or a pipeline that ends in one.",
    ),
}


@pytest.mark.parametrize("case", ERRORS)
def test_errors(case, digits, net):
    act, error, message = ERRORS[case]
    with pytest.raises(error, match=exactly(message)):
        act(net, digits[0][:20])


def test_a_net_that_is_not_fitted_is_an_error(digits):
    with pytest.raises(NotFittedError, match=r"^LeNet5Classifier is not fitted yet"):
        activations(LeNet5Classifier(), digits[0][:20], "C1")


def test_images_of_another_shape_are_an_error(net):
    with pytest.raises(ValueError, match=r"^X has 81 features, but LeNet5Classifier is expecting"):
        activations(net, np.zeros((2, 9, 9)), "C1")
