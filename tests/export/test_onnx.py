"""export_onnx writes the graph of a fitted estimator as a file."""

import sys

import pytest
from helpers import exactly
from sklearn.exceptions import NotFittedError

from sklearn_lenet import DenseDigitClassifier, LeNet5Classifier, export_onnx


@pytest.fixture(scope="module")
def dense(digits):
    X, y = digits
    return DenseDigitClassifier(max_epochs=1, random_state=0).fit(X[:50], y[:50])


def test_the_file_is_an_onnx_model_with_raw_pixels_as_input(tmp_path, dense):
    onnx = pytest.importorskip("onnx", reason="onnx is an extra")
    path = tmp_path / "a.onnx"
    path.write_bytes(b"an older file")
    export_onnx(dense, str(path))
    graph = onnx.load(path).graph
    assert [value.name for value in graph.input] == ["pixels"]
    assert [value.name for value in graph.output] == ["label", "probabilities"]
    assert graph.input[0].type.tensor_type.shape.dim[1].dim_value == 64
    assert [other.name for other in tmp_path.iterdir()] == ["a.onnx"]


def test_an_estimator_that_is_not_fitted_is_refused(tmp_path):
    pytest.importorskip("onnx", reason="onnx is an extra")
    message = "LeNet5Classifier is not fitted yet: call fit before export_onnx."
    with pytest.raises(NotFittedError, match=exactly(message)):
        export_onnx(LeNet5Classifier(), tmp_path / "a.onnx")
    assert not list(tmp_path.iterdir())


def test_without_onnx_the_extra_is_named(tmp_path, dense, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ImportError, match=r"pip install 'sklearn_lenet\[onnx\]'"):
        export_onnx(dense, tmp_path / "a.onnx")
