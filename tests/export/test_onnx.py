"""export_onnx without its package."""

import sys

import pytest

from sklearn_lenet import DenseDigitClassifier, export_onnx


def test_without_onnx_the_extra_is_named(tmp_path, digits, monkeypatch):
    model = DenseDigitClassifier(max_epochs=1).fit(digits[0][:50], digits[1][:50])
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ImportError, match=r"pip install 'sklearn_lenet\[onnx\]'"):
        export_onnx(model, tmp_path / "a.onnx")
