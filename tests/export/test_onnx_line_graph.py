"""The ONNX graph of a line reader gives what torch gives."""

import numpy as np
import pytest
import torch
from helpers import ONE, ZERO

from sklearn_lenet import DigitStringReader, export_onnx, make_digit_lines

onnxruntime = pytest.importorskip("onnxruntime", reason="the extra onnx brings it")


@pytest.fixture(scope="module")
def reader():
    lines = make_digit_lines(60, (np.stack([ONE, ZERO]), ["1", "0"]), random_state=0)
    return DigitStringReader(alphabet="01", max_epochs=2, random_state=0).fit(*lines), lines[0]


@pytest.mark.parametrize("width", [32, 178])
def test_log_probabilities_are_those_of_torch(reader, tmp_path, width):
    model, _ = reader
    path = tmp_path / "reader.onnx"
    export_onnx(model, path)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    strips = np.random.default_rng(0).random((3, 1, 32, width), dtype=np.float32)
    (found,) = session.run(["log_probabilities"], {"strips": strips})
    with torch.no_grad():
        expected = model.module_(torch.from_numpy(strips)).log_softmax(2)
    assert found.shape == (3, width // 2, 3)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_strips_of_pictures_are_its_input(reader, tmp_path):
    model, pictures = reader
    path = tmp_path / "reader.onnx"
    export_onnx(model, path)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (strip,) = model.return_strips(pictures[:1])
    (found,) = session.run(None, {"strips": strip[None, None]})
    np.testing.assert_allclose(np.exp(found).sum(axis=2), 1, atol=1e-5)
