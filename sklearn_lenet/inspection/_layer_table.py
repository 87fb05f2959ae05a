"""What a net is made of, layer by layer, with the arithmetic of its sizes written out."""

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
from ._layers import known_module, stages_of, taken_apart

SUMS = ["parameters", "multiply-accumulates", "connections"]

CLASSES = 10


class Seen(NamedTuple):
    """How far a layer has come: the maps it puts out, and what of the field one value saw."""

    side: int
    channels: int
    field: int = 1
    """Side of the square that one value depends on."""
    step: int = 1
    """How far apart on the field two neighbouring values lie."""


def layer_table(estimator_or_module: Any, input_size: int | None = None) -> Any:
    """Return a table of a net's layers: sizes, parameters, work, receptive fields.

    Parameters
    ----------
    estimator_or_module : classifier of this package, pipeline that ends in one, or module
        It need not be fitted: then the table is that of ten classes and 28x28 pixels.
    input_size : int, default=None
        Side of the square field that the net sees. None takes the one that it has.

    Returns
    -------
    table : pandas.DataFrame
        A row a layer, by its name in the paper. ``size formula`` and ``parameter formula`` are
        filled in with the layer's numbers. ``connections`` counts weights and biases once for
        each place where they are used, as the paper does, and ``receptive field`` is the part
        of the field that one value depends on. Shown in a terminal, in a notebook or with
        ``to_markdown`` it has a last line of sums.

    See Also
    --------
    activations : What each layer puts out for given digits.

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
        raise ValueError(f"input_size={input_size!r} came, but a side of at least 1 is needed.")
    module = _module_of(estimator_or_module, input_size)
    return frame.from_dict(dict(_rows(module)), orient="index")


def _module_of(source: Any, input_size: int | None) -> LeNet5 | DenseNet:
    """Return the module to tabulate; raise where it is for another size than was asked for."""
    if isinstance(source, nn.Module):
        module = known_module(source)
    else:
        classifier = taken_apart(source)[1]
        if not hasattr(classifier, "net_"):
            return _as_it_would_be(classifier, input_size)
        module = known_module(classifier.module_)
    if input_size is None:
        return module
    if isinstance(module, LeNet5):
        sees, fits = f"{module.input_size}x{module.input_size}", module.input_size == input_size
    else:
        first: Any = next(module.children())
        pixels = first.in_features
        sees, fits = f"{pixels} pixels", pixels == input_size**2
    if not fits:
        raise ValueError(
            f"input_size={input_size} came with a net for {sees}: leave it out, or pass an "
            "estimator that is not fitted."
        )
    return module


def _as_it_would_be(classifier: Any, input_size: int | None) -> LeNet5 | DenseNet:
    """Return the module that a classifier would build, without memory for its weights."""
    if isinstance(classifier, LeNet5Classifier):
        side = input_size or classifier.input_size or DIGIT_SIZE
        with torch.device("meta"):
            return LeNet5(
                CLASSES,
                input_size=side,
                activation=classifier.activation,
                pooling=classifier.pooling,
            )
    if isinstance(classifier, DenseDigitClassifier):
        classifier._check_net()
        sizes = classifier._hidden_layer_sizes()
        with torch.device("meta"):
            return DenseNet((input_size or DIGIT_SIZE) ** 2, CLASSES, hidden_layer_sizes=sizes)
    raise TypeError(f"{type(classifier).__name__} has no module yet: call fit first.")


def _rows(module: LeNet5 | DenseNet) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each layer's name and its cells."""
    seen = Seen(module.input_size if isinstance(module, LeNet5) else 1, 1)
    for name, (layer, *_) in stages_of(module).items():
        if isinstance(layer, nn.Linear):
            yield name, _dense_row(layer, seen)
            continue
        row, seen = _map_row(layer, seen)
        yield name, row


def _map_row(layer: Any, seen: Seen) -> tuple[dict[str, Any], Seen]:
    """Return the cells of a convolution or a pooling, and how far it has come."""
    kernel, stride, padding = (_one(n) for n in (layer.kernel_size, layer.stride, layer.padding))
    learns = isinstance(layer, nn.Conv2d)
    channels = layer.out_channels if learns else seen.channels
    inputs = seen.channels if learns else 1
    room = seen.side + 2 * padding - kernel
    side = room // stride + 1
    places = side * side * channels
    formula = f"({seen.side} + 2*{padding} - {kernel})/{stride}"
    if room % stride:
        formula = f"floor({formula})"
    parameters = (kernel * kernel * inputs + 1) * channels if learns else 0
    after = Seen(side, channels, seen.field + (kernel - 1) * seen.step, seen.step * stride)
    row = {
        "type": _type(layer),
        "kernel": f"{kernel}x{kernel}",
        "stride": str(stride),
        "padding": str(padding),
        "size formula": f"{formula} + 1 = {side}",
        "output size": f"{side}x{side}x{channels}",
        "parameter formula": f"({kernel}*{kernel}*{inputs})*{channels} + {channels} = "
        f"{parameters:,}"
        if learns
        else "0",
        "parameters": parameters,
        "multiply-accumulates": places * kernel * kernel * inputs if learns else 0,
        "connections": places * (kernel * kernel * inputs + learns),
        "receptive field": f"{after.field}x{after.field}",
    }
    return row, after


def _dense_row(layer: nn.Linear, seen: Seen) -> dict[str, Any]:
    """Return the cells of a fully connected layer, every unit of which sees all that came."""
    before, units = layer.in_features, layer.out_features
    parameters = before * units + units
    return {
        "type": "fully connected",
        "kernel": "",
        "stride": "",
        "padding": "",
        "size formula": "",
        "output size": str(units),
        "parameter formula": f"{before}*{units} + {units} = {parameters:,}",
        "parameters": parameters,
        "multiply-accumulates": before * units,
        "connections": parameters,
        "receptive field": f"{seen.field}x{seen.field}" if seen.field > 1 else "all",
    }


def _one(number: Any) -> int:
    """Return the one number that stands for both directions."""
    return int(number[0] if isinstance(number, tuple) else number)


def _type(layer: nn.Module) -> str:
    if isinstance(layer, nn.Conv2d):
        return "convolution"
    return "max pooling" if isinstance(layer, nn.MaxPool2d) else "average pooling"


@cache
def _frame_class() -> Any:
    """Return a DataFrame that shows thousands apart, and a line of sums at its end."""
    pd = extra_module("pandas", "layer_table", "pandas")

    class LayerTable(pd.DataFrame):  # type: ignore[name-defined] # known at run time only
        """A net's layers; parts of it are plain DataFrames."""

        def _shown(self) -> Any:
            shown = pd.DataFrame(self).astype(object)
            sums = dict.fromkeys(shown.columns, "")
            for column in SUMS:
                sums[column] = f"{self[column].sum():,}"
                shown[column] = [f"{number:,}" for number in self[column]]
            shown.loc["in all"] = sums
            return shown

        def __reduce__(self) -> Any:
            return pd.DataFrame, (self.to_dict(),)

        def __repr__(self) -> str:
            return str(self._shown().to_string(line_width=shutil.get_terminal_size().columns))

        def _repr_html_(self) -> str:
            return str(self._shown().to_html())

        def to_markdown(self, *args: Any, **options: Any) -> Any:
            options = {"disable_numparse": True} | options
            return self._shown().rename_axis("layer").to_markdown(*args, **options)

    return LayerTable
