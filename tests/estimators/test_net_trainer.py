"""A fitted net keeps what it was built with, whatever happens to the parameters afterwards."""

import numpy as np
import pytest
from helpers import BOTH, exactly, quick
from numpy.testing import assert_allclose, assert_array_equal

from sklearn_lenet import (
    DenseDigitClassifier,
    LeNet5Classifier,
    PadNormalizer,
    activations,
    export_onnx,
    load_model,
    save_model,
)

OTHER = {
    "activation": "tanh",
    "pooling": "avg",
    "input_size": 20,
    "init": "mnist",
    "hidden_layer_sizes": (7,),
    "dropout": 0.5,
    "lr": 0.5,
    "max_epochs": 7,
    "batch_size": 3,
    "optimizer": "sgd",
    "lr_schedule": "constant",
    "weight_decay": 0.1,
    "label_smoothing": 0.3,
    "average_weights": True,
    "augment": "shift",
    "calibrate": False,
    "class_weight": {0: 3.0},
    "early_stopping": True,
    "validation_fraction": 0.3,
    "n_iter_no_change": 2,
    "tol": 0.1,
    "warm_start": True,
    "verbose": 1,
    "n_threads": 1,
    "random_state": 9,
}
"""Another valid value of each parameter."""

ARCHITECTURE = {"activation", "pooling", "input_size", "hidden_layer_sizes"}
"""The parameters that define the net."""


def few(digits):
    return digits[0][:60] / 16, digits[1][:60]


def parameters(Classifier):
    return [name for name in Classifier().get_params() if name in OTHER]


def test_the_table_has_all_parameters():
    names = {*LeNet5Classifier().get_params(), *DenseDigitClassifier().get_params()}
    assert names - OTHER.keys() == {"callbacks", "device"}


@BOTH
def test_changed_parameters_do_not_change_a_fitted_net(Classifier, digits, tmp_path):
    ort = pytest.importorskip("onnxruntime", reason="onnxruntime is needed to run the graph")
    X, y = few(digits)
    model = quick(Classifier).fit(X, y)
    before, layer = model.predict_proba(X), activations(model, X, "output")
    for name in parameters(Classifier):
        model.set_params(**{name: OTHER[name]})
        assert_array_equal(model.predict_proba(X), before, err_msg=name)
        assert_array_equal(activations(model, X, "output"), layer, err_msg=name)
        save_model(model, tmp_path / "a.lenet")
        loaded = load_model(tmp_path / "a.lenet")
        assert_array_equal(loaded.predict_proba(X), before, err_msg=name)
        assert loaded.get_params()[name] == OTHER[name]
        export_onnx(model, tmp_path / "a.onnx")
        session = ort.InferenceSession(tmp_path / "a.onnx", providers=["CPUExecutionProvider"])
        _, found = session.run(None, {session.get_inputs()[0].name: X.astype(np.float32)})
        assert_allclose(found, before, atol=1e-5, err_msg=name)


@BOTH
@pytest.mark.parametrize("how", ["fit", "partial_fit"])
def test_a_warm_start_with_another_architecture_is_refused(Classifier, how, digits):
    X, y = few(digits)
    for name in ARCHITECTURE & Classifier().get_params().keys():
        model = quick(Classifier, warm_start=True).fit(X, y)
        before, old = model.predict_proba(X), model.architecture_[name]
        model.set_params(**{name: OTHER[name]})
        message = (
            f"{name}={OTHER[name]!r} needs a new net, but this fit continues with a net of "
            f"{name}={old!r}: set it back, or use fit with warm_start=False."
        )
        with pytest.raises(ValueError, match=exactly(message)):
            getattr(model, how)(X, y)
        assert_array_equal(model.predict_proba(X), before)
        model.set_params(**{name: old}).fit(X, y)
        model.set_params(**{name: OTHER[name]}, warm_start=False).fit(X, y)
        assert model.architecture_[name] == OTHER[name]


@BOTH
def test_a_warm_start_with_other_settings_uses_them(Classifier, digits):
    X, y = few(digits)
    for name in parameters(Classifier):
        if name in ARCHITECTURE or name == "early_stopping":  # too few rows for it
            continue
        model = quick(Classifier, warm_start=True).fit(X, y)
        model.set_params(**{name: OTHER[name]}).fit(X, y)
        assert np.isfinite(model.predict_proba(X)).all()
        if name == "dropout":
            shares = {layer.p for layer in model.module_.modules() if hasattr(layer, "p")}
            assert shares == {0.5}


@pytest.mark.parametrize("sizes", [5, (5,), [5], np.array([5]), (np.int8(5),)])
def test_equal_sizes_of_layers_are_one_architecture(sizes, digits):
    X, y = few(digits)
    model = quick(DenseDigitClassifier, hidden_layer_sizes=(5,), warm_start=True).fit(X, y)
    model.set_params(hidden_layer_sizes=sizes).fit(X, y)
    assert model.architecture_ == {"hidden_layer_sizes": (5,), "activation": "relu"}


def test_a_normalizer_keeps_its_size(digits, tmp_path):
    X, _ = few(digits)
    model = PadNormalizer().fit(X)
    before = model.transform(X)
    model.set_params(size=20, scale="unit")
    assert_array_equal(model.transform(X), before)
    assert_allclose(model.inverse_transform(before), X, atol=1e-6)
    assert len(model.get_feature_names_out()) == 32 * 32
    save_model(model, tmp_path / "a.lenet")
    assert_array_equal(load_model(tmp_path / "a.lenet").transform(X), before)
