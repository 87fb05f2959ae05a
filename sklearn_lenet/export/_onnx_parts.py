"""The parts of an ONNX graph, and the file that they make."""

from __future__ import annotations

from typing import Any

import numpy as np

FLOAT = 1
"""The number of float32 among the types of ONNX."""

OPSET = 17
"""The version of ONNX's operators."""

IR_VERSION = 8
"""The version of the ONNX file format. Every onnxruntime since 2022 reads it."""

Values = dict[str, tuple[int, list[Any]]]
"""The inputs or outputs of a graph: the type and the shape of each."""


class Graph:
    """The nodes and constants of a graph, in the order in which they are added."""

    def __init__(self, helper: Any, numpy_helper: Any) -> None:
        self.helper, self.numpy_helper = helper, numpy_helper
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, values: Any, name: str) -> str:
        """Add a constant and return its name."""
        self.constants.append(self.numpy_helper.from_array(np.asarray(values), name))
        return name

    def add(self, operator: str, *inputs: str, name: str, **attributes: Any) -> str:
        """Add a node and return the name of its output."""
        self.nodes.append(
            self.helper.make_node(operator, inputs, [name], name=f"{name}_node", **attributes)
        )
        return name

    def scaled(self, value: str, name: str, shift: Any, scale: Any) -> str:
        """Add ``(value - shift) / scale``, in float32."""
        shift = self.constant(np.asarray(shift, np.float32), f"{name}_shift")
        scale = self.constant(np.asarray(scale, np.float32), f"{name}_scale")
        value = self.add("Sub", value, shift, name=f"{name}_shifted")
        return self.add("Div", value, scale, name=f"{name}_scaled")


def model_bytes(graph: Graph, name: str, inputs: Values, outputs: Values) -> bytes:
    """Return the content of the ONNX file of a graph, after ONNX's own checks."""
    import onnx
    from onnx import helper

    def described(values: Values) -> list[Any]:
        return [helper.make_tensor_value_info(key, *value) for key, value in values.items()]

    model = helper.make_model(
        helper.make_graph(
            graph.nodes, name, described(inputs), described(outputs), graph.constants
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="sklearn_lenet",
    )
    onnx.checker.check_model(model, full_check=True)
    content: bytes = model.SerializeToString()
    return content
