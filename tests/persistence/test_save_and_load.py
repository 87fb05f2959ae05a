"""Model files: what is saved comes back exactly, and nothing else is ever believed."""

import io
import json
import os
import pickle
import signal
import subprocess
import sys
import time
import zipfile

import numpy as np
import pytest
import torch
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    PolynomialFeatures,
    RobustScaler,
    StandardScaler,
)

from sklearn_lenet import (
    DenseDigitClassifier,
    DigitImageReader,
    LeNet5Classifier,
    ModelFileError,
    PadNormalizer,
    load_model,
    save_model,
)
from sklearn_lenet.persistence._file_format import MODEL, SUMS, WEIGHTS, _sums
from sklearn_lenet.persistence._json_values import plain, value_of

LENET = {"max_epochs": 1, "random_state": 0}
SCALERS = [StandardScaler(), MinMaxScaler(), MaxAbsScaler(), RobustScaler(), Normalizer()]


@pytest.fixture(scope="module")
def few():
    from sklearn.datasets import load_digits

    X, y = load_digits(return_X_y=True)
    return X[:300], y[:300]


@pytest.fixture(scope="module")
def fitted(few):
    return LeNet5Classifier(**LENET).fit(*few)


@pytest.fixture
def path(tmp_path, fitted):
    path = tmp_path / "digits.lenet"
    save_model(fitted, path)
    return path


def entries(path):
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def rewrite(path, contents, *, sums=True, compression=zipfile.ZIP_STORED):
    """Put a file together as whoever means harm would, checksums and all."""
    if sums:
        contents = contents | {SUMS: _sums(contents)}
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)


def tampered(path, change):
    """Change the JSON of a model file and make its checksums fit."""
    contents = entries(path)
    model = json.loads(contents[MODEL])
    change(model)
    rewrite(path, contents | {MODEL: json.dumps(model).encode()})


def last(model):
    return model[-1] if hasattr(model, "steps") else model


# What is saved comes back

MODELS = {
    "LeNet": LeNet5Classifier(**LENET),
    "early stopping": LeNet5Classifier(max_epochs=2, early_stopping=True, random_state=1),
    "another field": LeNet5Classifier(**LENET, input_size=20, activation="scaled_tanh"),
    "dense": DenseDigitClassifier(max_epochs=2, hidden_layer_sizes=(20, 10), random_state=0),
    "class weights": DenseDigitClassifier(**LENET, class_weight={0: 2.0, 3: 0.5}),
    "padded": make_pipeline(PadNormalizer(), LeNet5Classifier(**LENET)),
    "from pictures": make_pipeline(DigitImageReader(), LeNet5Classifier(**LENET)),
    "scaled": make_pipeline(*SCALERS, DenseDigitClassifier(**LENET)),
    "passthrough": make_pipeline("passthrough", DenseDigitClassifier(**LENET)),
}


@pytest.mark.parametrize("name", MODELS)
def test_everything_comes_back(name, few, tmp_path):
    X, y = few
    model = MODELS[name].fit(X, y)
    save_model(model, tmp_path / "a.lenet")
    again = load_model(tmp_path / "a.lenet")
    assert np.array_equal(again.predict_proba(X), model.predict_proba(X))
    assert repr(again) == repr(model)
    weights = sum(p.numel() for p in last(model).module_.parameters())
    assert os.path.getsize(tmp_path / "a.lenet") < 4 * weights + 20_000
    save_model(again, tmp_path / "b.lenet")
    assert (tmp_path / "a.lenet").read_bytes() == (tmp_path / "b.lenet").read_bytes()
    one, other = last(model), last(again)
    for attribute in ("history_", "loss_curve_", "validation_scores_", "n_iter_", "pixel_scale_"):
        assert getattr(one, attribute) == getattr(other, attribute)
    assert one.get_params().keys() == other.get_params().keys()
    assert vars(one).keys() == vars(other).keys()


@pytest.mark.parametrize(
    "labels",
    [
        lambda y: y.astype(str),
        lambda y: y.astype(str).astype(object),
        lambda y: y > 4,
        lambda y: y.astype(np.int8),
        lambda y: (y * 10).astype(float),
        lambda y: np.array(["čtyři" if v == 4 else "other" for v in y]),
    ],
    ids=["str", "object", "bool", "int8", "float", "unicode"],
)
def test_labels_keep_their_type(labels, few, tmp_path):
    X, y = few[0], labels(few[1])
    model = DenseDigitClassifier(**LENET).fit(X, y)
    save_model(model, tmp_path / "a.lenet")
    again = load_model(tmp_path / "a.lenet")
    assert again.classes_.dtype == model.classes_.dtype
    assert np.array_equal(again.predict(X), model.predict(X))
    assert type(again.predict(X[:1])[0]) is type(model.predict(X[:1])[0])


def test_column_names_come_back(few, tmp_path):
    pd = pytest.importorskip("pandas", reason="pandas is an extra")
    frame = pd.DataFrame(few[0], columns=[f"p{k}" for k in range(64)])
    model = LeNet5Classifier(**LENET).fit(frame, few[1])
    save_model(model, tmp_path / "a.lenet")
    assert load_model(tmp_path / "a.lenet").feature_names_in_.tolist() == list(frame.columns)


def test_a_lenet_of_all_of_mnist_takes_less_than_400_kb(path, fitted):
    assert path.stat().st_size < 260_000
    row = 2 * len(json.dumps(fitted.history_[0]))
    assert path.stat().st_size + 60 * row < 400_000  # sixty passes are the most by default


def test_a_loaded_model_can_be_fitted_on(few, path):
    model = load_model(path).set_params(warm_start=True, max_epochs=2)
    before = model.loss_curve_
    model.fit(*few)
    assert model.loss_curve_[: len(before)] == before
    assert len(model.loss_curve_) == 3
    model.set_params(warm_start=False).fit(*few)
    assert len(model.loss_curve_) == 2


def test_a_model_of_a_gpu_loads_without_one(path, monkeypatch):
    def on_gpu(model):
        model["model"]["params"]["device"] = "cuda:0"
        model["model"]["fitted"]["device_"] = {"device": "cuda:0"}

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    tampered(path, on_gpu)
    with pytest.warns(UserWarning, match="fitted on cuda:0, which is not to be had here"):
        assert load_model(path).device_ == torch.device("cpu")


# Never half-written


def test_a_failed_save_leaves_the_old_file(path, few):
    before = path.read_bytes()
    with pytest.raises(ValueError, match="augment="):
        save_model(LeNet5Classifier(**LENET, augment=lambda images: images).fit(*few), path)
    assert path.read_bytes() == before
    assert [other.name for other in path.parent.iterdir()] == [path.name]


def test_a_full_disk_leaves_the_old_file(path, fitted, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    before = path.read_bytes()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        save_model(fitted, path)
    assert path.read_bytes() == before
    assert [other.name for other in path.parent.iterdir()] == [path.name]


KILLED = """
import sys
from sklearn.datasets import load_digits
from sklearn_lenet import LeNet5Classifier, save_model
X, y = load_digits(return_X_y=True)
model = LeNet5Classifier(max_epochs=1, random_state=0).fit(X, y)
print("ready", flush=True)
while True:
    save_model(model, sys.argv[1])
"""


def test_a_kill_while_saving_leaves_a_whole_file(path, few):
    process = subprocess.Popen([sys.executable, "-c", KILLED, path], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"ready\n"
    for pause in (0.0, 0.011, 0.023):
        time.sleep(0.05 + pause)
        load_model(path)  # while it is written, over and over
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert load_model(path).predict(few[0]).shape == (300,)


def test_the_mode_of_the_file_is_the_users(path):
    umask = os.umask(0)
    os.umask(umask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~umask


# What is not saved


@pytest.mark.parametrize(
    ("model", "error", "message"),
    [
        (LeNet5Classifier(), NotFittedError, "LeNet5Classifier is not fitted yet: call fit before"),
        (RandomForestClassifier(), TypeError, "RandomForestClassifier came to save_model, which"),
        (
            make_pipeline(PolynomialFeatures(), LeNet5Classifier()),
            TypeError,
            "PolynomialFeatures came to save_model, which knows DenseDigitClassifier",
        ),
    ],
)
def test_what_cannot_be_saved_says_so(model, error, message, tmp_path):
    with pytest.raises(error, match=message):
        save_model(model, tmp_path / "a.lenet")
    assert not list(tmp_path.iterdir())


def test_a_subclass_is_not_taken_for_its_parent(few, tmp_path):
    class LeNet5Classifier(DenseDigitClassifier):
        pass

    with pytest.raises(TypeError, match="LeNet5Classifier came to save_model"):
        save_model(LeNet5Classifier(**LENET).fit(*few), tmp_path / "a.lenet")


def test_a_missing_folder_is_named(fitted, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere is no folder: make it"):
        save_model(fitted, tmp_path / "nowhere" / "a.lenet")


# What is not believed


class Bomb:
    def __reduce__(self):
        return (os.mkdir, (os.environ["BOMB"],))


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_a_pickle_under_our_name_is_refused_unopened(path, tmp_path, monkeypatch, protocol):
    monkeypatch.setenv("BOMB", str(tmp_path / "exploded"))
    path.write_bytes(pickle.dumps(Bomb(), protocol))
    with pytest.raises(ModelFileError, match="is a pickle, which can run any code"):
        load_model(path)
    assert not (tmp_path / "exploded").exists()


def test_a_torch_file_is_refused(path, fitted):
    torch.save(fitted.module_.state_dict(), path)
    with pytest.raises(ModelFileError, match=r"a model file holds model.json"):
        load_model(path)


@pytest.mark.parametrize("name", ["../escaped.json", "/escaped.json", "more.json"])
def test_an_entry_of_another_name_is_refused(path, name, tmp_path):
    rewrite(path, entries(path) | {name: b"{}"})
    with pytest.raises(ModelFileError, match="and nothing else"):
        load_model(path)
    assert [other.name for other in tmp_path.iterdir()] == [path.name]


def test_two_entries_of_one_name_are_refused(path):
    contents = entries(path)
    with zipfile.ZipFile(path, "w") as archive:
        for name in (MODEL, WEIGHTS, SUMS):
            archive.writestr(name, contents[name])
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr(MODEL, contents[MODEL])
    with pytest.raises(ModelFileError, match="and nothing else"):
        load_model(path)


def test_a_compressed_entry_is_refused_unopened(path):
    contents = entries(path) | {MODEL: b"0" * 50_000_000}
    rewrite(path, contents, compression=zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(
        ModelFileError, match=r"declares 50,000,000 bytes of model.json, compressed"
    ):
        load_model(path)


def test_an_entry_larger_than_declared_is_refused(path):
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo(WEIGHTS).file_size
    declared, smaller = size.to_bytes(4, "little"), (size - 1000).to_bytes(4, "little")
    path.write_bytes(bytes(data).replace(declared * 2, smaller * 2))
    with pytest.raises(ModelFileError, match=r"cut short or damaged|changed after it was saved"):
        load_model(path)


@pytest.mark.parametrize("left", [0, 3, 100, 0.5, 0.99, -1])
def test_a_truncated_file_is_refused(path, left):
    data = path.read_bytes()
    kept = int(left * len(data)) if isinstance(left, float) else left
    path.write_bytes(data[:kept])
    with pytest.raises(ModelFileError, match=r"cut short or damaged|is no model file"):
        load_model(path)


def test_any_changed_byte_is_seen(path):
    data = path.read_bytes()
    rng = np.random.default_rng(0)
    for place in rng.integers(0, len(data), 60).tolist():
        changed = bytearray(data)
        changed[place] ^= 0x41
        path.write_bytes(changed)
        try:
            load_model(path)
        except ModelFileError:
            continue
        # A byte of the zip's own dates and attributes says nothing of the model.
        assert entries(path).keys() == {MODEL, WEIGHTS, SUMS}


def test_a_tampered_json_without_checksums_is_seen(path):
    contents = entries(path)
    changed = contents[MODEL].replace(b'"lr": 0.008', b'"lr": 0.009')
    assert changed != contents[MODEL]
    rewrite(path, contents | {MODEL: changed}, sums=False)
    with pytest.raises(ModelFileError, match="was changed after it was saved"):
        load_model(path)


def put(*keys, value):
    """Return a change of a JSON: the value at these keys."""

    def change(model):
        for key in keys[:-1]:
            model = model[key]
        model[keys[-1]] = value

    return change


def drop(*keys):
    def change(model):
        for key in keys[:-1]:
            model = model[key]
        del model[keys[-1]]

    return change


TAMPERED = {
    "format": (put("format", value=2), r"has format 2 and this sklearn_lenet .* reads 1"),
    "no format": (drop("format"), "has format None"),
    "no model": (drop("model"), "no model that can be used"),
    "class": (put("model", "class", value="os.system"), "holds a 'os.system'; known are"),
    "class type": (put("model", "class", value=["LeNet5Classifier"]), "known are"),
    "parameter": (put("model", "params", "lrr", value=1), "unexpected keyword argument 'lrr'"),
    "parameter's value": (put("model", "params", "lr", value="high"), "'lr' parameter"),
    "field of no memory": (
        put("model", "params", "input_size", value=10**9),
        "no model that can be used",
    ),
    "wide net": (put("model", "params", "activation", value="import os"), "'activation' parameter"),
    "method": (put("model", "fitted", "predict_", value=1), None),
    "property": (
        put("model", "fitted", "module_", value=1),
        "'module_' is nothing that fit leaves",
    ),
    "dunder": (put("model", "fitted", "__class__", value=1), "'__class__' is nothing that fit"),
    "plain name": (put("model", "fitted", "fit", value=1), "'fit' is nothing that fit leaves"),
    "no classes": (drop("model", "fitted", "classes_"), "classes_ should be of type ndarray"),
    "classes": (put("model", "fitted", "classes_", value=[1, 2]), "classes_ should be of type"),
    "unsorted": (
        put("model", "fitted", "classes_", value={"array": {"dtype": "<U1", "values": ["b", "a"]}}),
        r"classes_=\['b', 'a'\] are not sorted",
    ),
    "void": (
        put("model", "fitted", "classes_", value={"array": {"dtype": "V8", "values": [1]}}),
        "which is no value",
    ),
    "features": (put("model", "fitted", "n_features_in_", value=10**6), "do not hold 1000000"),
    "no scale": (drop("model", "fitted", "pixel_scale_"), "pixel_scale_ should be of type"),
    "short scale": (
        put("model", "fitted", "pixel_scale_", value={"PixelScale": [1, 2]}),
        "which is no value",
    ),
    "unknown kind": (put("model", "fitted", "n_iter_", value={"eval": "1"}), "which is no value"),
    "device": (put("model", "fitted", "device_", value={"device": "toaster"}), "which is no value"),
    "history": (
        put("model", "fitted", "history_", value="long"),
        "history_ should be of type list",
    ),
    "missing array": (
        put("model", "fitted", "classes_", value={"array": "x"}),
        "which is no value",
    ),
    "model is a list": (put("model", value=[]), "no model that can be used"),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_a_json_made_to_fit_is_checked_all_the_same(name, path, few):
    change, message = TAMPERED[name]
    tampered(path, change)
    if message is None:
        assert load_model(path).predict(few[0][:1]).shape == (1,)  # one more attribute, no harm
        return
    with pytest.raises(ModelFileError, match=message):
        load_model(path)


@pytest.mark.parametrize("text", [b"", b"[]", b"{", b"[" * 100_000, b"\xff", b"null"])
def test_a_json_that_is_none(path, text):
    rewrite(path, entries(path) | {MODEL: text})
    with pytest.raises(ModelFileError, match="holds no"):
        load_model(path)


@pytest.mark.parametrize(
    "text", [b"", b"\x00" * 8, b"\xff" * 64, b"\x10\x00\x00\x00\x00\x00\x00\x00{}"]
)
def test_weights_that_are_none(path, text):
    rewrite(path, entries(path) | {WEIGHTS: text})
    with pytest.raises(ModelFileError, match=r"holds no|its weights"):
        load_model(path)


def test_a_file_that_is_none_of_ours(tmp_path):
    (tmp_path / "a.lenet").write_text("hello")
    with pytest.raises(ModelFileError, match=r"a\.lenet is no model file: load_model reads what"):
        load_model(tmp_path / "a.lenet")
    with pytest.raises(FileNotFoundError):
        load_model(tmp_path / "b.lenet")


# Plain values


def test_values_in_and_out():
    values = [None, True, 3, -0.1, float("inf"), "ñ", [1, [2]], (1, (2, "a")), {1: "a", "b": None}]
    values += [{(0, 1): 2.0}, torch.device("cuda:1")]
    for value in values:
        arrays = {}
        told = json.loads(json.dumps(plain(value, "x", arrays)))
        assert value_of(told, arrays) == value
    assert np.isnan(value_of(json.loads(json.dumps(plain(float("nan"), "x", {}))), {}))
    assert plain(np.float32(0.5), "x", {}) == 0.5


@pytest.mark.parametrize("value", [print, object(), torch.optim.SGD, np.random.RandomState(0)])
def test_code_is_no_value(value):
    with pytest.raises(
        ValueError, match=r"^x=.* is code or an object, which a model file does not"
    ):
        plain(value, "model.x", {})
