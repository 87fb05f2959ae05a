"""The fields of a model file: what save_model writes, and what load_model refuses."""

import json

import numpy as np
import pytest
import torch
from helpers import ONE, ZERO, change_fields, entries_of
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures

import sklearn_lenet
from sklearn_lenet import (
    DenseDigitClassifier,
    DigitStringReader,
    LeNet5Classifier,
    ModelFileError,
    load_model,
    make_digit_lines,
    save_model,
)
from sklearn_lenet.persistence._model_fields import model_from_fields, model_to_fields

LENET = {"max_epochs": 1, "random_state": 0}


def test_the_fields_of_a_file(path, fitted):
    fields = json.loads(entries_of(path)["model.json"])
    assert list(fields) == ["format", "versions", "model"]
    assert fields["format"] == 1
    assert fields["versions"]["sklearn_lenet"] == sklearn_lenet.__version__
    assert fields["versions"]["torch"] == torch.__version__
    assert fields["model"]["class"] == "LeNet5Classifier"
    assert fields["model"]["params"].keys() == fitted.get_params().keys()
    assert fields["model"]["params"]["max_epochs"] == 1
    attributes = {name for name in vars(fitted) if name.endswith("_")}
    assert fields["model"]["fitted"].keys() == attributes - {"net_"}


def test_the_arrays_are_the_weights_and_the_classes(fitted):
    _, arrays = model_to_fields(fitted)
    weights = {f"model.weights.{name}" for name in fitted.module_.state_dict()}
    assert arrays.keys() == weights | {"model.classes_", "model.prototypes_"}


def test_a_loaded_net_is_the_one_for_prediction(fitted):
    loaded = model_from_fields(*model_to_fields(fitted))
    assert not loaded.module_.training
    assert loaded.net_.optimizer_ is None
    losses = [record["train_loss"] for record in fitted.history_]
    assert loaded.net_.history[:, "train_loss"] == losses
    assert loaded.history_ == fitted.history_
    assert loaded.net_.get_params()["lr"] == fitted.lr
    assert "_training" not in vars(loaded)
    for name, weights in fitted.module_.state_dict().items():
        assert torch.equal(loaded.module_.state_dict()[name], weights)


def test_a_model_fitted_on_a_gpu_loads_without_a_gpu(path, monkeypatch):
    def on_gpu(model):
        model["model"]["params"]["device"] = "cuda:0"
        model["model"]["fitted"]["device_"] = {"device": "cuda:0"}

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    change_fields(path, on_gpu)
    with pytest.warns(UserWarning, match=r"LeNet5Classifier was fitted on cuda:0.* CPU"):
        assert load_model(path).device_ == torch.device("cpu")


@pytest.mark.parametrize(
    ("model", "error", "message"),
    [
        (LeNet5Classifier(), NotFittedError, "LeNet5Classifier is not fitted yet: call fit before"),
        (
            RandomForestClassifier(),
            TypeError,
            "save_model cannot save RandomForestClassifier; it knows",
        ),
        (
            make_pipeline(PolynomialFeatures(), LeNet5Classifier()),
            TypeError,
            "save_model cannot save PolynomialFeatures; it knows DenseDigitClassifier",
        ),
    ],
)
def test_other_estimators_are_refused(model, error, message, tmp_path):
    with pytest.raises(error, match=message):
        save_model(model, tmp_path / "a.lenet")
    assert not list(tmp_path.iterdir())


def test_a_class_with_a_supported_name_is_refused(few, tmp_path):
    class LeNet5Classifier(DenseDigitClassifier):
        pass

    with pytest.raises(TypeError, match="save_model cannot save LeNet5Classifier"):
        save_model(LeNet5Classifier(**LENET).fit(*few), tmp_path / "a.lenet")


def put(*keys, value):
    """Return a function that sets the value at these keys of the JSON."""

    def change(model):
        for key in keys[:-1]:
            model = model[key]
        model[keys[-1]] = value

    return change


def drop(*keys):
    """Return a function that deletes the value at these keys of the JSON."""

    def change(model):
        for key in keys[:-1]:
            model = model[key]
        del model[keys[-1]]

    return change


TAMPERED = {
    "format": (put("format", value=2), r"its format is 2 and sklearn_lenet .* reads format 1"),
    "no format": (drop("format"), "its format is None"),
    "no model": (drop("model"), "contains no usable model"),
    "class": (put("model", "class", value="os.system"), "it contains a 'os.system'; supported are"),
    "class type": (put("model", "class", value=["LeNet5Classifier"]), "supported are"),
    "parameter": (put("model", "params", "lrr", value=1), "unexpected keyword argument 'lrr'"),
    "parameter's value": (put("model", "params", "lr", value="high"), "'lr' parameter"),
    "a field too large for memory": (
        put("model", "params", "input_size", value=10**9),
        "contains no usable model",
    ),
    "activation": (
        put("model", "params", "activation", value="import os"),
        "'activation' parameter",
    ),
    "method": (put("model", "fitted", "predict_", value=1), None),
    "property": (
        put("model", "fitted", "module_", value=1),
        "'module_' is not an attribute that fit sets",
    ),
    "dunder": (
        put("model", "fitted", "__class__", value=1),
        "'__class__' is not an attribute that fit sets",
    ),
    "plain name": (
        put("model", "fitted", "fit", value=1),
        "'fit' is not an attribute that fit sets",
    ),
    "no classes": (drop("model", "fitted", "classes_"), "classes_ should be of type ndarray"),
    "classes": (put("model", "fitted", "classes_", value=[1, 2]), "classes_ should be of type"),
    "unsorted": (
        put("model", "fitted", "classes_", value={"array": {"dtype": "<U1", "values": ["b", "a"]}}),
        r"classes_=\['b', 'a'\] is not a list of sorted labels",
    ),
    "void": (
        put("model", "fitted", "classes_", value={"array": {"dtype": "V8", "values": [1]}}),
        "which is not a readable value",
    ),
    "features": (
        put("model", "fitted", "n_features_in_", value=10**6),
        "n_features_in_=1000000 does not fit",
    ),
    "no scale": (drop("model", "fitted", "pixel_scale_"), "pixel_scale_ should be of type"),
    "short scale": (
        put("model", "fitted", "pixel_scale_", value={"PixelScale": [1, 2]}),
        "which is not a readable value",
    ),
    "unknown kind": (
        put("model", "fitted", "n_iter_", value={"eval": "1"}),
        "which is not a readable value",
    ),
    "no device": (drop("model", "fitted", "device_"), "device_ should be of type device"),
    "device": (
        put("model", "fitted", "device_", value={"device": "toaster"}),
        "which is not a readable value",
    ),
    "history": (
        put("model", "fitted", "history_", value="long"),
        "history_ should be of type list",
    ),
    "missing array": (
        put("model", "fitted", "classes_", value={"array": "x"}),
        "which is not a readable value",
    ),
    "weights of another size": (
        put("model", "fitted", "architecture_", "dict", 2, 1, value=20),
        "its weights are .* but the net needs",
    ),
    "model is a list": (put("model", value=[]), "contains no usable model"),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_a_changed_field_with_correct_checksums_is_refused(name, path, few):
    change, message = TAMPERED[name]
    change_fields(path, change)
    if message is None:
        loaded = load_model(path)  # an additional attribute does no harm
        assert loaded.predict(few[0][:1]).shape == (1,)
        return
    with pytest.raises(ModelFileError, match=message):
        load_model(path)


@pytest.fixture(scope="module")
def reader():
    lines = make_digit_lines(40, (np.stack([ONE, ZERO]), ["1", "0"]), random_state=0)
    model = DigitStringReader(alphabet="01", pattern=r"\d+", max_epochs=1, random_state=0)
    return model.fit(*lines), lines[0]


def test_a_line_reader_is_saved_and_reads_the_same(reader, tmp_path):
    model, pictures = reader
    save_model(model, tmp_path / "reader.lenet")
    again = load_model(tmp_path / "reader.lenet")
    assert again.get_params() == model.get_params()
    assert again.read(pictures[:5]) == model.read(pictures[:5])


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("alphabet_", 5, "alphabet_ should be of type str"),
        ("alphabet_", "00", "alphabet_='00' is not a list of characters"),
        ("alphabet_", "012", "but the net needs"),
        ("history_", 5, "history_ should be of type list"),
        ("loss_curve_", [float("nan")], "the loss is not a finite number"),
        ("device_", "cpu", "device_ should be of type device"),
    ],
)
def test_a_file_with_a_wrong_reader_is_refused(reader, tmp_path, name, value, message):
    path = tmp_path / "reader.lenet"
    save_model(reader[0], path)
    change_fields(path, lambda fields: fields["model"]["fitted"].update({name: value}))
    with pytest.raises(ModelFileError, match=message):
        load_model(path)
