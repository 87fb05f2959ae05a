"""The layers of a net by their names in LeCun et al. (1998), and the output of each layer."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import torch
from numpy.typing import NDArray
from sklearn.frozen import FrozenEstimator
from sklearn.pipeline import Pipeline
from torch import Tensor, nn

from ..estimators import DigitPredictor
from ..nets import DenseNet, Dropout, LeNet5
from ..training import PREDICT_BATCH, standardise, to_tensor
from ..utils import PIXEL_TYPES, check_fitted, check_images, threads

INPUT_LAYER = "input"
"""The name of the standardised pixels that enter the first layer."""


def layers_of(module: nn.Module) -> dict[str, list[nn.Module]]:
    """Return the modules of each layer: its weights or pooling first, then its activation.

    >>> list(layers_of(LeNet5()))
    ['C1', 'S2', 'C3', 'S4', 'C5', 'F6', 'output']
    >>> [type(part).__name__ for part in layers_of(LeNet5())["C1"]]
    ['Conv2d', 'ReLU']
    """
    layers: dict[str, list[nn.Module]] = {}
    for name, part in module.named_children():
        name = name.split("_")[0]
        layers.setdefault(name.upper() if len(name) == 2 else name, []).append(part)
    return layers


def layer_name(module: nn.Module, layer: str) -> str:
    """Return the name of a layer in its usual spelling; upper and lower case are the same."""
    names = [INPUT_LAYER, *layers_of(module)]
    for name in names:
        if isinstance(layer, str) and layer.lower() == name.lower():
            return name
    raise ValueError(f"layer={layer!r} is not a layer of this net; use one of {', '.join(names)}.")


def forward_by_layer(module: nn.Module, batch: Tensor) -> dict[str, Tensor]:
    """Return the output of each layer for a batch of standardised pixels, the input first."""
    outputs = {INPUT_LAYER: batch}
    for name, parts in layers_of(module).items():
        if isinstance(parts[0], nn.Linear):
            batch = batch.flatten(1)
        for part in parts:
            if not isinstance(part, Dropout):  # dropout is for training only
                batch = part(batch)
        outputs[name] = batch
    return outputs


def unwrap(estimator: Any) -> tuple[list[Any], DigitPredictor]:
    """Return the transformers before a classifier of this package, and the classifier.

    Looks inside pipelines, fitted searches and frozen estimators. Raises a TypeError if there
    is no such classifier.
    """
    transformers, inner = [], estimator
    while not isinstance(inner, DigitPredictor):
        if isinstance(inner, FrozenEstimator):
            inner = inner.estimator
        elif hasattr(inner, "best_estimator_"):
            inner = inner.best_estimator_
        elif isinstance(inner, Pipeline):
            if len(inner.steps) > 1:
                transformers.append(inner[:-1])
            inner = inner.steps[-1][1]
        else:
            break
    else:
        return transformers, inner
    place = "" if inner is estimator else f", the last step of the {type(estimator).__name__},"
    raise TypeError(
        f"{type(inner).__name__}{place} has no layers that can be inspected; pass a "
        "LeNet5Classifier, a DenseDigitClassifier, or a pipeline that ends in one."
    )


def fitted_classifier(estimator: Any) -> DigitPredictor:
    """Return the classifier of this package inside an estimator; raise if it is not fitted."""
    classifier = unwrap(estimator)[1]
    check_fitted(classifier)
    return classifier


def standardised_batch(estimator: Any, X: Any) -> Tensor:
    """Return X as a batch on the device of the net, ready for a forward pass."""
    classifier = fitted_classifier(estimator)
    for transformer in unwrap(estimator)[0]:
        X = transformer.transform(X)
    rows, _ = check_images(classifier, X, dtype=PIXEL_TYPES, reset=False)
    scale = classifier.pixel_scale_
    pixels = to_tensor(classifier._arrange(rows)).to(classifier.device_)
    dtype = next(classifier.module_.parameters()).dtype
    return standardise(pixels, scale, dtype)


@torch.inference_mode()
def outputs_by_layer(estimator: Any, X: Any, layers: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Return the outputs of some layers for each row of X."""
    classifier = fitted_classifier(estimator)
    names = [layer_name(classifier.module_, layer) for layer in layers]
    return outputs_of_batch(classifier, standardised_batch(estimator, X), names)


@torch.inference_mode()
def outputs_of_batch(
    classifier: DigitPredictor, batch: Tensor, names: Sequence[str]
) -> dict[str, NDArray[Any]]:
    """Return the outputs of some layers, given by exact name, for each row of a batch."""
    collected: dict[str, list[Tensor]] = {name: [] for name in names}
    module = classifier.module_
    if batch.device.type != "mps":  # in float64 a result does not depend on the rest of the batch
        module = copy.deepcopy(module).double()
    dtype = next(module.parameters()).dtype
    with threads(classifier.n_threads):
        for part in torch.split(batch, PREDICT_BATCH):
            outputs = forward_by_layer(module, part.to(dtype))
            for name in names:
                collected[name].append(outputs[name].float().cpu())
    return {name: _as_array(torch.cat(parts)) for name, parts in collected.items()}


def _as_array(output: Tensor) -> NDArray[Any]:
    """Return an array; maps of a single pixel, those of C5, become units."""
    if output.shape[2:] == (1, 1):
        output = output.flatten(1)
    array: NDArray[Any] = output.numpy()
    return array


def check_module(module: Any) -> LeNet5 | DenseNet:
    """Return a module of this package; raise a TypeError for any other."""
    if isinstance(module, LeNet5 | DenseNet):
        return module
    raise TypeError(
        f"{type(module).__name__} has no layers that can be inspected; pass a LeNet5Classifier, "
        "a DenseDigitClassifier, a pipeline that ends in one, or one of their modules."
    )
