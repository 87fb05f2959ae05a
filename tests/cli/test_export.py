"""`sklearn-lenet export`: the ONNX file and the web page."""

import pytest

from sklearn_lenet import cli


def test_export_writes_an_onnx_file(trained, tmp_path, capsys):
    pytest.importorskip("onnx", reason="onnx is an extra")
    assert cli.main(["export", str(trained), "--onnx", str(tmp_path / "a.onnx")]) == 0
    assert (tmp_path / "a.onnx").stat().st_size > 200_000


def test_export_writes_a_page(trained, tmp_path, capsys):
    path = tmp_path / "digits.html"
    assert cli.main(["export", str(trained), "--page", str(path)]) == 0
    assert path.read_text("utf-8").startswith("<!--")
    assert capsys.readouterr().out == f"{path}: open it in a browser and draw a digit\n"


@pytest.mark.parametrize("files", [[], ["--onnx", "a.onnx", "--page", "a.html"]])
def test_export_writes_one_kind_of_file(trained, files, capsys):
    with pytest.raises(SystemExit, match="2"):
        cli.main(["export", str(trained), *files])
    assert "--page" in capsys.readouterr().err
