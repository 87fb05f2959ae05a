"""`sklearn-lenet export`: the ONNX file."""

import pytest

from sklearn_lenet import cli


def test_export_writes_an_onnx_file(trained, tmp_path, capsys):
    pytest.importorskip("onnx", reason="onnx is an extra")
    assert cli.main(["export", str(trained), "--onnx", str(tmp_path / "a.onnx")]) == 0
    assert (tmp_path / "a.onnx").stat().st_size > 200_000
