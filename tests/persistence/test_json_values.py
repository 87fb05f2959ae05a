"""Python values as JSON, and back."""

import json

import numpy as np
import pytest
import torch

from sklearn_lenet import ModelFileError
from sklearn_lenet.persistence._json_values import from_json_value, to_json_value
from sklearn_lenet.utils import PixelScale, Shape


def test_values_are_read_as_they_were_written():
    values = [None, True, 3, -0.1, float("inf"), "ñ", [1, [2]], (1, (2, "a")), {1: "a", "b": None}]
    values += [{(0, 1): 2.0}, torch.device("cuda:1")]
    for value in values:
        arrays = {}
        written = json.loads(json.dumps(to_json_value(value, "x", arrays)))
        assert from_json_value(written, arrays) == value
    assert np.isnan(
        from_json_value(json.loads(json.dumps(to_json_value(float("nan"), "x", {}))), {})
    )
    assert to_json_value(np.float32(0.5), "x", {}) == 0.5


@pytest.mark.parametrize("value", [print, object(), torch.optim.SGD, np.random.RandomState(0)])
def test_code_is_refused(value):
    with pytest.raises(ValueError, match=r"^x=.* is code or an object, which a model file cannot"):
        to_json_value(value, "model.x", {})


@pytest.mark.parametrize(
    "array",
    [
        np.array([[1.5, 2.5]], dtype=np.float32),
        np.array([3, 1], dtype=">i2"),
        np.array([True, False]),
        np.array(["a", "čtyři"]),
        np.array(["a", 1], dtype=object),
    ],
    ids=["float", "big-endian", "bool", "str", "object"],
)
def test_arrays_are_read_as_they_were_written(array):
    arrays = {}
    written = json.loads(json.dumps(to_json_value(array, "model.classes_", arrays)))
    loaded = from_json_value(written, arrays)
    np.testing.assert_array_equal(loaded, array)
    assert loaded.dtype == array.dtype.newbyteorder("=")
    assert list(arrays) == ([] if array.dtype.kind in "UO" else ["model.classes_"])


def test_named_tuples_keep_their_type():
    for value in (Shape(8, 8), PixelScale(1.0, 2.0, 0.0, 16.0, 5.0)):
        written = to_json_value(value, "x", {})
        assert written == {type(value).__name__: list(value)}
        assert type(from_json_value(written, {})) is type(value)


def test_an_array_of_dates_is_refused():
    dates = np.array(["2020-01-01"], dtype="datetime64[D]")
    with pytest.raises(ValueError, match=r"^x is an array of datetime64\[D\], which a model file"):
        to_json_value(dates, "model.x", {})


@pytest.mark.parametrize(
    "written",
    [{"eval": "1"}, {"tuple": 3}, {}, {"tuple": [], "dict": []}, {"array": "missing"}],
)
def test_an_unknown_value_is_refused(written):
    with pytest.raises(ModelFileError, match="which is not a readable value"):
        from_json_value(written, {})
