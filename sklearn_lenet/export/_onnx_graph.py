"""Build the ONNX graph of a fitted classifier, from raw pixels to labels and probabilities.

The graph is built node by node from the fitted attributes, with ONNX's own operators. No forward
pass of torch is traced.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler

from ..estimators import BaseDigitClassifier, DenseDigitClassifier, PadNormalizer
from ..utils import NEAR, corners_of, enlargement, field_corner
from ._onnx_parts import FLOAT, Graph, model_bytes
from ._steps import steps_of

GRAPH_INPUT = "pixels"
"""The name of the graph's input."""

LABEL_OUTPUT = "label"
"""The name of the output with the predicted labels."""

PROBABILITIES_OUTPUT = "probabilities"
"""The name of the output with the probabilities."""

POOLING_OPERATORS = {"max": "MaxPool", "avg": "AveragePool"}
"""ONNX's operator for each value of ``pooling``."""

ACTIVATION_OPERATORS = {
    "relu": "Relu",
    "tanh": "Tanh",
    "sigmoid": "Sigmoid",
    "logistic": "Sigmoid",
    "scaled_tanh": "Tanh",
    "identity": "Identity",
}
"""ONNX's operator for each value of ``activation``; ``scaled_tanh`` is a scaled ``Tanh``."""


def graph_of(estimator: Any) -> bytes:
    """Return the content of the ONNX file of a fitted estimator."""
    from onnx import TensorProto, helper, numpy_helper

    before, classifier = steps_of(estimator, "export_onnx")
    graph, value = Graph(helper, numpy_helper), GRAPH_INPUT
    for index, step in enumerate(before):
        value = add_transformer(graph, value, step, f"step{index}")
    add_classifier(graph, value, classifier)
    label_type = helper.np_dtype_to_tensor_dtype(_labels(classifier.classes_).dtype)
    width = (before[0] if before else classifier).n_features_in_
    n_classes = len(classifier.classes_)
    return model_bytes(
        graph,
        type(classifier).__name__,
        {GRAPH_INPUT: (TensorProto.FLOAT, ["n", width])},
        {
            LABEL_OUTPUT: (label_type, ["n"]),
            PROBABILITIES_OUTPUT: (TensorProto.FLOAT, ["n", n_classes]),
        },
    )


def add_classifier(graph: Graph, value: str, classifier: BaseDigitClassifier) -> None:
    """Add a classifier with its two outputs."""
    logits = _add_net(graph, value, classifier)
    temperature = graph.constant(np.float32(classifier.temperature_), "temperature")
    scores = graph.add("Div", logits, temperature, name="scores")
    graph.add("Softmax", scores, name=PROBABILITIES_OUTPUT, axis=1)
    best = graph.add("ArgMax", logits, name="best", axis=1, keepdims=0)
    labels = graph.constant(_labels(classifier.classes_), "classes")
    graph.add("Gather", labels, best, name=LABEL_OUTPUT)


def _labels(classes: NDArray[Any]) -> NDArray[Any]:
    """Return the labels as an array of a type that ONNX has."""
    if classes.dtype.kind in "UO":
        return np.array([str(label) for label in classes], dtype=object)
    if classes.dtype.kind == "b":
        return classes
    return classes.astype(np.int64 if classes.dtype.kind in "iu" else np.float32)


def add_transformer(graph: Graph, value: str, step: Any, name: str) -> str:
    """Add a transformer of the pipeline."""
    match step:
        case PadNormalizer():
            value = _add_polarity(graph, value, name, step)
            fields = _add_field(graph, value, name, step.image_shape_, step)
            fields = graph.scaled(fields, name, step.shift_, step.divisor_)
            side = step.size_
            flat = graph.constant(np.array([-1, side * side], np.int64), f"{name}_flat_shape")
            return graph.add("Reshape", fields, flat, name=f"{name}_flat")
        case StandardScaler():
            shift = step.mean_ if step.with_mean else 0
            return graph.scaled(value, name, shift, step.scale_ if step.with_std else 1)
        case MinMaxScaler() if not step.clip:
            return graph.scaled(value, name, -step.min_ / step.scale_, 1 / step.scale_)
        case MaxAbsScaler():
            return graph.scaled(value, name, 0, step.scale_)
        case RobustScaler():
            shift = step.center_ if step.with_centering else 0
            return graph.scaled(value, name, shift, step.scale_ if step.with_scaling else 1)
    raise TypeError(
        f"export_onnx cannot export {type(step).__name__}; use PadNormalizer, StandardScaler, "
        "MinMaxScaler without clip, MaxAbsScaler or RobustScaler before the classifier, or "
        "export the classifier alone."
    )


def _add_polarity(graph: Graph, value: str, name: str, step: PadNormalizer) -> str:
    """Add the inversion of the images of which most corners are ink."""
    if step.ink_ is None:
        return value
    near = graph.constant(np.float32(NEAR * abs(2 * step.ink_ - step.mirror_)), f"{name}_near")
    half = graph.constant(np.float32(0.5), f"{name}_half")
    mirror = graph.constant(np.float32(step.mirror_), f"{name}_mirror")
    ink = graph.constant(np.float32(step.ink_), f"{name}_ink")
    places = corners_of(step.image_shape_, step.n_features_in_)
    index = graph.constant(np.array(places, np.int64), f"{name}_places")
    corners = graph.add("Gather", value, index, name=f"{name}_corners", axis=1)
    away = graph.add("Sub", corners, ink, name=f"{name}_from_ink")
    away = graph.add("Abs", away, name=f"{name}_distance")
    is_ink = graph.add("LessOrEqual", away, near, name=f"{name}_is_ink")
    is_ink = graph.add("Cast", is_ink, name=f"{name}_ink_as_number", to=FLOAT)
    share = graph.add("ReduceMean", is_ink, name=f"{name}_share", axes=[1])
    inverted = graph.add("Greater", share, half, name=f"{name}_inverted")
    mirrored = graph.add("Sub", mirror, value, name=f"{name}_mirrored")
    return graph.add("Where", inverted, mirrored, value, name=f"{name}_matched")


def _add_field(graph: Graph, value: str, name: str, shape: Any, owner: Any) -> str:
    """Add the field of background around each image: (n, p) becomes (n, 1, size, size)."""
    field = owner._field()
    background = graph.constant(np.float32(owner.background_), f"{name}_background")
    missing = shape.height * shape.width - owner.n_features_in_
    if missing:
        pads = graph.constant(np.array([0, 0, 0, missing], np.int64), f"{name}_square_pads")
        value = graph.add("Pad", value, pads, background, name=f"{name}_square")
    factor = enlargement(shape, field.box)
    # Each pixel becomes a block of factor x factor pixels: (n, 1, h, 1, w, 1) is expanded to
    # (n, 1, h, factor, w, factor).
    parts = np.array([-1, 1, shape.height, 1, shape.width, 1], np.int64)
    value = graph.add("Reshape", value, graph.constant(parts, f"{name}_parts"), name=f"{name}_cut")
    if factor > 1:
        blocks = graph.constant(np.array([1, 1, 1, factor, 1, factor], np.int64), f"{name}_blocks")
        value = graph.add("Expand", value, blocks, name=f"{name}_enlarged")
    height, width = factor * shape.height, factor * shape.width
    whole = graph.constant(np.array([-1, 1, height, width], np.int64), f"{name}_image_shape")
    value = graph.add("Reshape", value, whole, name=f"{name}_image")
    top, left = field_corner(shape, field)
    bottom, right = field.size - height - top, field.size - width - left
    pads = graph.constant(
        np.array([0, 0, top, left, 0, 0, bottom, right], np.int64), f"{name}_field_pads"
    )
    return graph.add("Pad", value, pads, background, name=f"{name}_field")


def _add_net(graph: Graph, value: str, classifier: BaseDigitClassifier) -> str:
    """Add the field, the pixel scale and the net; return the name of the logits."""
    scale = classifier.pixel_scale_
    weights = {
        name: graph.constant(tensor.cpu().numpy(), name)
        for name, tensor in classifier.module_.state_dict().items()
    }
    activation = classifier.architecture_["activation"]
    if isinstance(classifier, DenseDigitClassifier):
        value = graph.scaled(value, "net", scale.mean, scale.deviation)
        layers = list(dict.fromkeys(name.split(".")[0] for name in weights))
        for layer in layers[:-1]:
            value = _add_linear(graph, value, layer)
            value = _add_activation(graph, value, layer, activation)
        return _add_linear(graph, value, layers[-1])
    value = _add_field(graph, value, "net", classifier.image_shape_, classifier)
    value = graph.scaled(value, "net", scale.mean, scale.deviation)
    pool = _operator("pooling", classifier.architecture_["pooling"], POOLING_OPERATORS)
    for layer, pooled in (("c1", "s2"), ("c3", "s4"), ("c5", None)):
        value = graph.add("Conv", value, f"{layer}.weight", f"{layer}.bias", name=layer)
        value = _add_activation(graph, value, layer, activation)
        if pooled:
            value = graph.add(pool, value, name=pooled, kernel_shape=[2, 2], strides=[2, 2])
    value = graph.add("Flatten", value, name="c5_flat")
    value = _add_activation(graph, _add_linear(graph, value, "f6"), "f6", activation)
    return _add_linear(graph, value, "output")


def _add_linear(graph: Graph, value: str, layer: str) -> str:
    return graph.add("Gemm", value, f"{layer}.weight", f"{layer}.bias", name=layer, transB=1)


def _add_activation(graph: Graph, value: str, layer: str, activation: str) -> str:
    operator = _operator("activation", activation, ACTIVATION_OPERATORS)
    if activation == "scaled_tanh":  # 1.7159 tanh(2a/3)
        inner = graph.constant(np.float32(2 / 3), f"{layer}_inner")
        outer = graph.constant(np.float32(1.7159), f"{layer}_outer")
        value = graph.add(
            operator, graph.add("Mul", value, inner, name=f"{layer}_in"), name=f"{layer}_tanh"
        )
        return graph.add("Mul", value, outer, name=f"{layer}_activation")
    return graph.add(operator, value, name=f"{layer}_activation")


def _operator(parameter: str, value: str, operators: dict[str, str]) -> str:
    """Return the ONNX operator for the value of a parameter; raise if there is none."""
    if value not in operators:
        raise ValueError(
            f"export_onnx cannot export {parameter}={value!r}; it knows {', '.join(operators)}."
        )
    return operators[value]
