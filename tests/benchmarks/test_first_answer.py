"""The benchmark of the first answer: the engines agree, and the guide has the figures."""

import json

import first_answer
import numpy as np
import pytest
from _record import RESULTS

from sklearn_lenet import export_onnx, load_pretrained


def test_the_engines_give_the_same_answer(tmp_path):
    pytest.importorskip("onnxruntime", reason="needs the extra onnx")
    export_onnx(load_pretrained("digits"), tmp_path / "digits.onnx")
    rows = np.random.default_rng(0).integers(0, 256, (20, 784)).astype(np.float32)
    ours, *others = (first_answer.MODELS[name](tmp_path)(rows) for name in first_answer.ENGINES)
    assert ours.shape == (20, 11)
    for other in others:
        np.testing.assert_allclose(other, ours, atol=1e-5)


def test_an_engine_is_measured_in_a_process_without_torch():
    seconds, printed = first_answer.in_new_process(
        first_answer.__file__, "--engine", "NumPy", "--folder", "."
    )
    found = json.loads(printed)
    assert 0 < found["digit"] < found["start"] < seconds


def test_the_text_says_from_how_many_digits_on_another_engine_is_sooner():
    engines = {
        "NumPy": {"start": 0.010, "digit": 0.0003},
        "onnxruntime": {"start": 0.050, "digit": 0.0001},
        "torch": {"start": 1.2, "digit": 0.0001},
    }
    lines = first_answer.text({"command": 1.5, "imports": 1.25, "engines": engines})
    assert lines[0].startswith("``sklearn-lenet predict photo.png`` takes 1.50 s")
    assert "1.25 s of it is the import" in lines[0]
    assert [line.split() for line in lines[5:8]] == [
        ["NumPy", "10", "0.30"],
        ["onnxruntime", "50", "0.10"],
        ["torch", "1200", "0.10"],
    ]
    assert "about 200 digits" in lines[-1]  # 40 ms, and 0.2 ms a digit


def test_the_guide_has_the_measured_figures():
    result = json.loads((RESULTS / "first_answer.json").read_text())
    assert "\n".join(first_answer.text(result)) in first_answer.GUIDE.read_text()
