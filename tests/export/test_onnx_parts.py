"""The parts of a graph: constants, nodes, and a file that ONNX accepts."""

import numpy as np
import pytest

from sklearn_lenet.export._onnx_parts import FLOAT, IR_VERSION, OPSET, Graph, model_bytes

onnx = pytest.importorskip("onnx", reason="the extra onnx brings it")


def test_a_graph_becomes_a_file():
    graph = Graph(onnx.helper, onnx.numpy_helper)
    value = graph.scaled("x", "step", 1.0, 2.0)
    graph.add("Identity", value, name="y")
    content = model_bytes(graph, "Half", {"x": (FLOAT, ["n"])}, {"y": (FLOAT, ["n"])})
    model = onnx.load_from_string(content)
    assert model.ir_version == IR_VERSION
    assert [one.version for one in model.opset_import] == [OPSET]
    assert [node.op_type for node in model.graph.node] == ["Sub", "Div", "Identity"]
    evaluator = pytest.importorskip("onnx.reference", reason="onnx has it since 1.13")
    (result,) = evaluator.ReferenceEvaluator(model).run(None, {"x": np.float32([3, 5])})
    assert result.tolist() == [1, 2]
