"""After load_model has returned, predict works: whatever the file contains."""

import json

import numpy as np
import pytest
from helpers import entries_of, write_entries
from safetensors.numpy import load, save
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from sklearn_lenet import (
    DenseDigitClassifier,
    DigitImageReader,
    LeNet5Classifier,
    ModelFileError,
    PadNormalizer,
    load_model,
    save_model,
)
from sklearn_lenet.persistence._zip_archive import JSON_ENTRY, WEIGHTS_ENTRY

FEW = {"max_epochs": 1, "random_state": 0}

MODELS = {
    "LeNet": LeNet5Classifier(**FEW),
    "dense": make_pipeline(StandardScaler(), DenseDigitClassifier(**FEW)),
    "padded": make_pipeline(MinMaxScaler(), PadNormalizer(), LeNet5Classifier(**FEW)),
    "pictures": make_pipeline(DigitImageReader(), LeNet5Classifier(**FEW)),
}

VALUES = [
    None,
    True,
    0,
    -1,
    10**30,
    float("nan"),
    1e308,
    "text",
    "",
    [],
    [[1]],
    {"dict": []},
    {"tuple": [1]},
    {"array": "missing"},
    {"array": {"dtype": "<U900000000", "values": ["a"]}},
    {"PixelScale": [1, 2, 3, 4, "x"]},
    {"Shape": [0, 0]},
    {"device": "cuda:99"},
]
"""What an attacker may write for any field."""


@pytest.fixture(scope="module", params=MODELS)
def saved(request, digits, tmp_path_factory):
    X, y = digits[0][:40], digits[1][:40]
    path = tmp_path_factory.mktemp("saved") / "a.lenet"
    save_model(MODELS[request.param].fit(X, y), path)
    return path, X


def places(value, path=()):
    """Yield the path of every value in a JSON document."""
    yield path
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
    else:
        items = ()
    for key, part in items:
        if path[-1:] != ("history_",):  # one record of the history is like the other
            yield from places(part, (*path, key))


def check(path, X):
    """Load a file: it is refused, or the model predicts finite values."""
    try:
        model = load_model(path)
    except ModelFileError:
        return False
    if hasattr(model, "predict_proba"):
        n = getattr(model, "n_features_in_", X.shape[1])  # a step may be missing
        rows = X if n == X.shape[1] else np.zeros((2, n))
        assert np.isfinite(model.predict_proba(rows)).all()
    return True


@pytest.mark.filterwarnings("ignore:X has pixels from:UserWarning")  # the scale was changed
@pytest.mark.filterwarnings("ignore:X seems to be inverted:UserWarning")  # so was the background
@pytest.mark.filterwarnings("ignore:.*was fitted on cuda:UserWarning")  # the device was changed
def test_every_field_may_be_replaced_or_left_out(saved, tmp_path):
    path, X = saved
    entries = entries_of(path)
    fields = json.loads(entries[JSON_ENTRY])
    rng = np.random.default_rng(0)
    results = []
    for place in places(fields):
        for value in [*rng.permutation(len(VALUES))[:4], "left out"]:
            changed = json.loads(entries[JSON_ENTRY])
            if place:
                *parents, last = place
                parent = changed
                for key in parents:
                    parent = parent[key]
                if value == "left out":
                    del parent[last]
                else:
                    parent[last] = VALUES[value]
            elif value != "left out":
                changed = VALUES[value]
            content = json.dumps(changed).encode()
            write_entries(tmp_path / "b.lenet", entries | {JSON_ENTRY: content})
            results.append(check(tmp_path / "b.lenet", X))
    assert 0 < sum(results) < len(results)


@pytest.mark.filterwarnings("ignore:X has pixels from:UserWarning")  # the scale was changed
@pytest.mark.filterwarnings("ignore:X seems to be inverted:UserWarning")  # so was the background
def test_every_array_may_be_replaced_or_left_out(saved, tmp_path):
    path, X = saved
    entries = entries_of(path)
    arrays = load(entries[WEIGHTS_ENTRY])
    for name, array in arrays.items():
        for value in (np.nan, np.inf, 1e38, 0.0):
            if array.dtype.kind == "f":
                content = save(arrays | {name: np.full_like(array, value)})
                write_entries(tmp_path / "b.lenet", entries | {WEIGHTS_ENTRY: content})
                assert check(tmp_path / "b.lenet", X) <= (value == 0.0 or "weights" not in name)
        for other in (array[:0], array.astype(np.int16), np.stack([array, array])):
            content = save(arrays | {name: np.ascontiguousarray(other)})
            write_entries(tmp_path / "b.lenet", entries | {WEIGHTS_ENTRY: content})
            check(tmp_path / "b.lenet", X)
        content = save({key: value for key, value in arrays.items() if key != name})
        write_entries(tmp_path / "b.lenet", entries | {WEIGHTS_ENTRY: content})
        assert not check(tmp_path / "b.lenet", X)
