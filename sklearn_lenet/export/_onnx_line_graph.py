"""Build the ONNX graph of a `DigitStringReader`: from strips of ink to log-probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..nets import STRIP_HEIGHT
from ..reading import DigitStringReader
from ._onnx_parts import FLOAT, Graph, model_bytes

STRIPS_INPUT = "strips"
"""The name of the graph's input."""

COLUMNS_OUTPUT = "log_probabilities"
"""The name of the graph's output."""


def line_graph_of(reader: DigitStringReader) -> bytes:
    """Return the content of the ONNX file of a fitted reader."""
    from onnx import helper, numpy_helper

    graph = Graph(helper, numpy_helper)
    for name, weights in reader.module_.state_dict().items():
        graph.constant(weights.contiguous().cpu().numpy(), name)
    value = STRIPS_INPUT
    for layer in ("c1", "c3", "c5", "f6"):
        value = _add_block(graph, value, layer, reader.module_)
    value = graph.add("Conv", value, "output.weight", "output.bias", name="logits")
    rows = graph.constant(np.array([2], np.int64), "rows")
    value = graph.add("Squeeze", value, rows, name="columns")
    value = graph.add("Transpose", value, name="by_column", perm=[0, 2, 1])
    graph.add("LogSoftmax", value, name=COLUMNS_OUTPUT, axis=2)
    n_symbols = 1 + len(reader.alphabet_)
    return model_bytes(
        graph,
        type(reader).__name__,
        {STRIPS_INPUT: (FLOAT, ["n", 1, STRIP_HEIGHT, "width"])},
        {COLUMNS_OUTPUT: (FLOAT, ["n", "columns", n_symbols])},
    )


def _add_block(graph: Graph, value: str, layer: str, module: Any) -> str:
    """Add a convolution with its pooling, batch normalisation and activation."""
    block = module.get_submodule(layer)
    above, beside = block.convolution.padding
    names = [f"{layer}.convolution.{name}" for name in ("weight", "bias")]
    value = graph.add("Conv", value, *names, name=layer, pads=[above, beside, above, beside])
    if hasattr(block, "pooling"):
        kernel = block.pooling.kernel_size
        value = graph.add(
            "MaxPool", value, name=f"{layer}_pooled", kernel_shape=kernel, strides=kernel
        )
    names = [
        f"{layer}.normalisation.{name}"
        for name in ("weight", "bias", "running_mean", "running_var")
    ]
    epsilon = block.normalisation.eps
    value = graph.add(
        "BatchNormalization", value, *names, name=f"{layer}_normalised", epsilon=epsilon
    )
    return graph.add("Relu", value, name=f"{layer}_activation")
