"""A converter for skl2onnx, so that pipelines with any of its steps can be converted."""

from __future__ import annotations

from typing import Any

from ..estimators import DenseDigitClassifier, LeNet5Classifier, PadNormalizer
from ..utils import extra_module


def register_skl2onnx() -> None:
    """Teach skl2onnx to convert the estimators of this package.

    It embeds the graph that `export_onnx` writes. Call it once before ``skl2onnx.to_onnx``.

    See Also
    --------
    export_onnx : Writes a classifier, or a pipeline of steps that it knows, without skl2onnx.

    Examples
    --------
    >>> from sklearn_lenet.export import register_skl2onnx
    >>> register_skl2onnx()  # doctest: +SKIP
    """
    skl2onnx = extra_module("skl2onnx", "register_skl2onnx", "ecosystem")
    for cls in (LeNet5Classifier, DenseDigitClassifier):
        skl2onnx.update_registered_converter(
            cls,
            f"SklearnLenet{cls.__name__}",
            _classifier_shapes,
            _convert_classifier,
            options={"zipmap": [True, False, "columns"], "nocl": [True, False]},
        )
    skl2onnx.update_registered_converter(
        PadNormalizer, "SklearnLenetPadNormalizer", _transformer_shapes, _convert_transformer
    )


def _classifier_shapes(operator: Any) -> None:
    from skl2onnx.common.data_types import FloatTensorType
    from skl2onnx.common.shape_calculator import calculate_linear_classifier_output_shapes

    calculate_linear_classifier_output_shapes(operator)
    rows, n_classes = operator.outputs[1].type.shape
    operator.outputs[1].type = FloatTensorType([rows, n_classes])  # for rows of doubles too


def _transformer_shapes(operator: Any) -> None:
    from skl2onnx.common.data_types import FloatTensorType

    rows = operator.inputs[0].get_first_dimension()
    operator.outputs[0].type = FloatTensorType([rows, operator.raw_operator.size_**2])


def _convert_classifier(scope: Any, operator: Any, container: Any) -> None:
    from ._onnx_graph import LABEL_OUTPUT, PROBABILITIES_OUTPUT, add_classifier

    graph, value = _graph_on(scope, operator, container)
    add_classifier(graph, value, operator.raw_operator)
    label, probabilities = (output.full_name for output in operator.outputs)
    names = {LABEL_OUTPUT: label, PROBABILITIES_OUTPUT: probabilities}
    _embed(graph, names | {value: value}, scope, container)


def _convert_transformer(scope: Any, operator: Any, container: Any) -> None:
    from ._onnx_graph import add_transformer

    graph, value = _graph_on(scope, operator, container)
    fields = add_transformer(graph, value, operator.raw_operator, "pad")
    _embed(graph, {fields: operator.outputs[0].full_name, value: value}, scope, container)


def _graph_on(scope: Any, operator: Any, container: Any) -> tuple[Any, str]:
    """Return an empty graph, and the name of the operator's input as float32."""
    from onnx import TensorProto, helper, numpy_helper

    from ._onnx_parts import Graph

    value = scope.get_unique_variable_name("pixels")
    container.add_node(
        "Cast",
        operator.inputs[0].full_name,
        value,
        name=scope.get_unique_operator_name("Cast"),
        to=TensorProto.FLOAT,
    )
    return Graph(helper, numpy_helper), value


def _embed(graph: Any, names: dict[str, str], scope: Any, container: Any) -> None:
    """Add the constants and nodes of a graph to a container, under unique names."""
    from onnx import helper

    from ._onnx_parts import OPSET

    for constant in graph.constants:
        names[constant.name] = scope.get_unique_variable_name(constant.name)
        renamed = type(constant)()
        renamed.CopyFrom(constant)
        renamed.name = names[constant.name]
        container.initializers.append(renamed)
    for node in graph.nodes:
        for output in node.output:
            if output not in names:
                names[output] = scope.get_unique_variable_name(output)
        attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        container.add_node(
            node.op_type,
            [names[name] for name in node.input],
            [names[name] for name in node.output],
            name=scope.get_unique_operator_name(node.op_type),
            op_version=OPSET,
            **attributes,
        )
