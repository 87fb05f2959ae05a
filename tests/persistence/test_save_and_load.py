"""save_model and load_model: a loaded model predicts what the saved one did."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    RobustScaler,
    StandardScaler,
)

from sklearn_lenet import (
    DenseDigitClassifier,
    DigitImageReader,
    LeNet5Classifier,
    PadNormalizer,
    load_model,
    save_model,
)
from sklearn_lenet.persistence import _save_and_load, load_model_with_info

DATA = Path(__file__).parent / "data"

LENET = {"max_epochs": 1, "random_state": 0}
SCALERS = [StandardScaler(), MinMaxScaler(), MaxAbsScaler(), RobustScaler(), Normalizer()]


def last(model):
    return model[-1] if hasattr(model, "steps") else model


MODELS = {
    "LeNet": LeNet5Classifier(**LENET),
    "early stopping": LeNet5Classifier(max_epochs=2, early_stopping=True, random_state=1),
    "another input size": LeNet5Classifier(**LENET, input_size=20, activation="scaled_tanh"),
    "dense": DenseDigitClassifier(max_epochs=2, hidden_layer_sizes=(20, 10), random_state=0),
    "class weights": DenseDigitClassifier(**LENET, class_weight={0: 2.0, 3: 0.5}),
    "padded": make_pipeline(PadNormalizer(), LeNet5Classifier(**LENET)),
    "from pictures": make_pipeline(DigitImageReader(), LeNet5Classifier(**LENET)),
    "scaled": make_pipeline(*SCALERS, DenseDigitClassifier(**LENET)),
    "passthrough": make_pipeline("passthrough", DenseDigitClassifier(**LENET)),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_loaded_model_is_the_saved_one(name, few, tmp_path):
    X, y = few
    model = MODELS[name].fit(X, y)
    save_model(model, tmp_path / "a.lenet")
    again = load_model(tmp_path / "a.lenet")
    assert np.array_equal(again.predict_proba(X), model.predict_proba(X))
    assert repr(again) == repr(model)
    weights = sum(p.numel() for p in last(model).module_.parameters())
    weights += last(model).prototypes_.size
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


def test_column_names_are_kept(few, tmp_path):
    pd = pytest.importorskip("pandas", reason="pandas is an extra")
    frame = pd.DataFrame(few[0], columns=[f"p{k}" for k in range(64)])
    model = LeNet5Classifier(**LENET).fit(frame, few[1])
    save_model(model, tmp_path / "a.lenet")
    assert load_model(tmp_path / "a.lenet").feature_names_in_.tolist() == list(frame.columns)


def test_a_lenet_of_all_of_mnist_takes_less_than_400_kb(path, fitted):
    assert path.stat().st_size < 260_000 + fitted.prototypes_.nbytes
    row = 2 * len(json.dumps(fitted.history_[0]))
    assert path.stat().st_size + 60 * row < 400_000  # 5 epochs are the default for MNIST


def test_a_loaded_model_can_be_fitted_again(few, path):
    model = load_model(path).set_params(warm_start=True, max_epochs=2)
    before = model.loss_curve_
    model.fit(*few)
    assert model.loss_curve_[: len(before)] == before
    assert len(model.loss_curve_) == 3
    model.set_params(warm_start=False).fit(*few)
    assert len(model.loss_curve_) == 2


def test_a_file_of_format_1_still_loads(digits):
    """The file was written before the package was divided into folders; see data/README.md."""
    X = digits[0][1200:1220]
    probabilities = np.load(DATA / "format-1-probabilities.npy")
    model, info = load_model_with_info(DATA / "format-1.lenet")
    assert info["format"] == 1
    np.testing.assert_allclose(model.predict_proba(X), probabilities, rtol=1e-4)
    assert model.predict(X).tolist() == probabilities.argmax(axis=1).tolist()
    assert model.get_params()["max_epochs"] == 6
    assert len(model.history_) == model.n_iter_ == 6


def test_model_and_info_come_from_one_read(path, fitted, few, monkeypatch):
    reads = []
    read = _save_and_load.read_archive
    monkeypatch.setattr(_save_and_load, "read_archive", lambda p: reads.append(p) or read(p))
    model, info = load_model_with_info(path)
    assert reads == [path]
    monkeypatch.undo()
    assert np.array_equal(model.predict_proba(few[0]), fitted.predict_proba(few[0]))
    assert info["model"]["class"] == "LeNet5Classifier"


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


def test_a_kill_while_saving_leaves_a_complete_file(path, few):
    process = subprocess.Popen([sys.executable, "-c", KILLED, path], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"ready\n"
    for pause in (0.0, 0.011, 0.023):
        time.sleep(0.05 + pause)
        load_model(path)  # while the other process writes it again and again
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert load_model(path).predict(few[0]).shape == (300,)


def test_the_file_has_the_mode_of_the_umask(path):
    umask = os.umask(0)
    os.umask(umask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~umask


def test_a_missing_folder_is_named(fitted, tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        save_model(fitted, tmp_path / "nowhere" / "a.lenet")
