"""layer_table: the layers of a net, with the formulas of their sizes filled in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import cache
from numbers import Integral
from typing import Any, NamedTuple

import torch
from torch import nn

from ..estimators import DIGIT_SIZE, DenseDigitClassifier, LeNet5Classifier
from ..nets import DenseNet, LeNet5
from ..utils import extra_module
from ._layers import check_module, layers_of, unwrap

LAYER_TYPES: dict[type[nn.Module], str] = {
    nn.Conv2d: "convolution",
    nn.MaxPool2d: "max pooling",
    nn.AvgPool2d: "average pooling",
}
"""The names of convolution and pooling in the table; other layers have the name of their class."""

SUMMED_COLUMNS = ["parameters", "multiply-accumulates", "connections"]
"""The columns that the total line sums up."""

UNFITTED_N_CLASSES = 10
"""The number of classes in the table of an estimator that is not fitted."""


class MapGeometry(NamedTuple):
    """The output of a layer: its size, and the part of the input that one value depends on."""

    side: int
    channels: int
    receptive_field: int = 1
    """The side of the square of input pixels that one value depends on."""
    step: int = 1
    """The distance between two neighbouring values, in pixels of the input."""


def layer_table(estimator_or_module: Any, input_size: int | None = None) -> Any:
    """Return a table of the layers of a net: sizes, parameters, operations, receptive fields.

    Parameters
    ----------
    estimator_or_module : classifier of this package, pipeline that ends in one, or module
        The net. An estimator that is not fitted gives the table for ten classes and images of
        28x28 pixels.
    input_size : int, default=None
        The side of the square input of the net. None takes the size that the net has.

    Returns
    -------
    table : pandas.DataFrame
        One row for each layer, by its name in LeCun et al. (1998). ``size formula`` and
        ``parameter formula`` contain the numbers of the layer. ``connections`` counts each
        weight and bias once for each place where it is used, as LeCun et al. do.
        ``receptive field`` is the part of the input that one value depends on. In a terminal,
        in a notebook and with ``to_markdown`` the table is shown with a last line of totals.

    See Also
    --------
    activations : Returns the output of a layer for given digits.

    Examples
    --------
    >>> from sklearn_lenet import LeNet5Classifier, layer_table
    >>> table = layer_table(LeNet5Classifier())
    >>> table["size formula"]["C1"], table["parameter formula"]["C1"]
    ('(32 + 2*0 - 5)/1 + 1 = 28', '(5*5*1)*6 + 6 = 156')
    >>> table["output size"].tolist()
    ['28x28x6', '14x14x6', '10x10x16', '5x5x16', '1x1x120', '84', '10']
    >>> int(table["parameters"].sum())
    61706
    """
    frame = _frame_class()
    if input_size is not None and (not isinstance(input_size, Integral) or input_size < 1):
        raise ValueError(f"input_size={input_size!r} is not a size; use an integer of 1 or more.")
    module = _module_of(estimator_or_module, input_size)
    return frame.from_dict(dict(_rows(module)), orient="index")


def _module_of(source: Any, input_size: int | None) -> LeNet5 | DenseNet:
    """Return the module of the table; raise if its input size is not the requested one."""
    if isinstance(source, nn.Module):
        module = check_module(source)
    else:
        classifier = unwrap(source)[1]
        if not hasattr(classifier, "net_"):
            return _module_before_fit(classifier, input_size)
        module = check_module(classifier.module_)
    if input_size is None:
        return module
    if isinstance(module, LeNet5):
        own, fits = f"{module.input_size}x{module.input_size}", module.input_size == input_size
    else:
        first: Any = next(module.children())
        own, fits = f"{first.in_features}", first.in_features == input_size**2
    if not fits:
        raise ValueError(
            f"input_size={input_size} does not fit a net for {own} pixels; leave it out, or pass "
            "an estimator that is not fitted."
        )
    return module


def _module_before_fit(classifier: Any, input_size: int | None) -> LeNet5 | DenseNet:
    """Return the module that ``fit`` would build, without memory for its weights."""
    if isinstance(classifier, LeNet5Classifier):
        side = input_size or classifier.input_size or DIGIT_SIZE
        with torch.device("meta"):
            return LeNet5(
                UNFITTED_N_CLASSES,
                input_size=side,
                activation=classifier.activation,
                pooling=classifier.pooling,
            )
    if isinstance(classifier, DenseDigitClassifier):
        sizes = classifier._hidden_layer_sizes()
        with torch.device("meta"):
            return DenseNet(
                (input_size or DIGIT_SIZE) ** 2, UNFITTED_N_CLASSES, hidden_layer_sizes=sizes
            )
    raise TypeError(f"{type(classifier).__name__} is not fitted yet: call fit first.")


def _rows(module: LeNet5 | DenseNet) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the name and the cells of each layer."""
    geometry = MapGeometry(module.input_size if isinstance(module, LeNet5) else 1, 1)
    for name, (layer, *_) in layers_of(module).items():
        if isinstance(layer, nn.Linear):
            yield name, _dense_row(layer, geometry)
            continue
        row, geometry = _map_row(layer, geometry)
        yield name, row


def _map_row(layer: Any, before: MapGeometry) -> tuple[dict[str, Any], MapGeometry]:
    """Return the cells of a convolution or a pooling, and the geometry of its output."""
    sizes = (layer.kernel_size, layer.stride, layer.padding)
    kernel, stride, padding = (_same_in_both_directions(size) for size in sizes)
    is_convolution = isinstance(layer, nn.Conv2d)
    channels = layer.out_channels if is_convolution else before.channels
    inputs = before.channels if is_convolution else 1
    moves = before.side + 2 * padding - kernel
    side = moves // stride + 1
    positions = side * side * channels
    formula = f"({before.side} + 2*{padding} - {kernel})/{stride}"
    if moves % stride:
        formula = f"floor({formula})"
    parameters = (kernel * kernel * inputs + 1) * channels if is_convolution else 0
    after = MapGeometry(
        side,
        channels,
        before.receptive_field + (kernel - 1) * before.step,
        before.step * stride,
    )
    row = {
        "type": LAYER_TYPES.get(type(layer), type(layer).__name__),
        "kernel": f"{kernel}x{kernel}",
        "stride": str(stride),
        "padding": str(padding),
        "size formula": f"{formula} + 1 = {side}",
        "output size": f"{side}x{side}x{channels}",
        "parameter formula": f"({kernel}*{kernel}*{inputs})*{channels} + {channels} = "
        f"{parameters:,}"
        if is_convolution
        else "0",
        "parameters": parameters,
        "multiply-accumulates": positions * kernel * kernel * inputs if is_convolution else 0,
        "connections": positions * (kernel * kernel * inputs + is_convolution),
        "receptive field": f"{after.receptive_field}x{after.receptive_field}",
    }
    return row, after


def _dense_row(layer: nn.Linear, before: MapGeometry) -> dict[str, Any]:
    """Return the cells of a fully connected layer; each unit depends on all values before it."""
    inputs, units = layer.in_features, layer.out_features
    parameters = inputs * units + units
    field = before.receptive_field
    return {
        "type": "fully connected",
        "kernel": "",
        "stride": "",
        "padding": "",
        "size formula": "",
        "output size": str(units),
        "parameter formula": f"{inputs}*{units} + {units} = {parameters:,}",
        "parameters": parameters,
        "multiply-accumulates": inputs * units,
        "connections": parameters,
        "receptive field": f"{field}x{field}" if field > 1 else "all",
    }


def _same_in_both_directions(size: Any) -> int:
    """Return one number for a size that torch has as a number or as (height, width)."""
    return int(size[0] if isinstance(size, tuple) else size)


@cache
def _frame_class() -> Any:
    """Return a DataFrame class that shows thousands separators and a last line of totals."""
    pd = extra_module("pandas", "layer_table", "pandas")

    class LayerTable(pd.DataFrame):  # type: ignore[name-defined] # pandas is optional
        """The layers of a net. A slice of it is a plain DataFrame."""

        def _as_shown(self) -> Any:
            shown = pd.DataFrame(self).astype(object)
            totals = dict.fromkeys(shown.columns, "")
            for column in SUMMED_COLUMNS:
                totals[column] = f"{self[column].sum():,}"
                shown[column] = [f"{number:,}" for number in self[column]]
            shown.loc["total"] = totals
            return shown

        def __reduce__(self) -> Any:
            return pd.DataFrame, (self.to_dict(),)

        def __repr__(self) -> str:
            return str(self._as_shown().to_string(line_width=shutil.get_terminal_size().columns))

        def _repr_html_(self) -> str:
            return str(self._as_shown().to_html())

        def to_markdown(self, *args: Any, **options: Any) -> Any:
            options = {"disable_numparse": True} | options
            return self._as_shown().rename_axis("layer").to_markdown(*args, **options)

    return LayerTable
