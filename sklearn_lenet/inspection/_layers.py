"""The stages of a net, by the names that the paper gave them, and what each one puts out."""

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
from ..nets import DenseNet, LeNet5, SeededDropout
from ..training import PREDICT_BATCH, standardise, to_tensor
from ..utils import PIXEL_TYPES, check_fitted, check_images, threads

INPUT = "input"
"""The name of what goes into the first stage."""


def stages_of(module: nn.Module) -> dict[str, list[nn.Module]]:
    """Return the layers of each stage: its weights or pooling, and what is done to their output.

    >>> list(stages_of(LeNet5()))
    ['C1', 'S2', 'C3', 'S4', 'C5', 'F6', 'output']
    >>> [type(layer).__name__ for layer in stages_of(LeNet5())["C1"]]
    ['Conv2d', 'ReLU']
    """
    stages: dict[str, list[nn.Module]] = {}
    for name, layer in module.named_children():
        name = name.split("_")[0]
        stages.setdefault(name.upper() if len(name) == 2 else name, []).append(layer)
    return stages


def stage_name(module: nn.Module, layer: str) -> str:
    """Return a stage's name as it is written, whatever the case in which it came."""
    names = [INPUT, *stages_of(module)]
    for name in names:
        if isinstance(layer, str) and layer.lower() == name.lower():
            return name
    raise ValueError(f"layer={layer!r} is no layer of this net: it has {', '.join(names)}.")


def through(module: nn.Module, batch: Tensor) -> dict[str, Tensor]:
    """Return what each stage puts out for a batch of standardised pixels, the input first."""
    seen = {INPUT: batch}
    for name, layers in stages_of(module).items():
        if isinstance(layers[0], nn.Linear):
            batch = batch.flatten(1)
        for layer in layers:
            if not isinstance(layer, SeededDropout):  # which is for training alone
                batch = layer(batch)
        seen[name] = batch
    return seen


def taken_apart(estimator: Any) -> tuple[list[Any], DigitPredictor]:
    """Return what comes before a classifier of ours, and the classifier.

    Pipelines, fitted searches and frozen estimators are looked into. Raises a TypeError that
    says what it needs where there is no such classifier.
    """
    before, found = [], estimator
    while not isinstance(found, DigitPredictor):
        if isinstance(found, FrozenEstimator):
            found = found.estimator
        elif hasattr(found, "best_estimator_"):
            found = found.best_estimator_
        elif isinstance(found, Pipeline):
            if len(found.steps) > 1:
                before.append(found[:-1])
            found = found.steps[-1][1]
        else:
            break
    else:
        return before, found
    whole = "" if found is estimator else f", the last step of the {type(estimator).__name__},"
    raise TypeError(
        f"{type(found).__name__}{whole} has no layers to look into: pass a LeNet5Classifier, a "
        "DenseDigitClassifier, or a pipeline that ends in one."
    )


def fitted(estimator: Any) -> DigitPredictor:
    """Return the classifier of ours inside an estimator; raise where it is not fitted."""
    classifier = taken_apart(estimator)[1]
    check_fitted(classifier)
    return classifier


def prepared(estimator: Any, X: Any) -> Tensor:
    """Return pixels as the module inside an estimator takes them: a batch on its device."""
    classifier = fitted(estimator)
    for step in taken_apart(estimator)[0]:
        X = step.transform(X)
    rows, _ = check_images(classifier, X, dtype=PIXEL_TYPES, reset=False)
    scale = classifier.pixel_scale_
    pixels = to_tensor(classifier._arrange(rows)).to(classifier.device_)
    dtype = next(classifier.module_.parameters()).dtype
    return standardise(pixels, scale, dtype)


@torch.inference_mode()
def outputs(estimator: Any, X: Any, layers: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Return what some stages put out for each row of X."""
    classifier = fitted(estimator)
    names = [stage_name(classifier.module_, layer) for layer in layers]
    return outputs_of(classifier, prepared(estimator, X), names)


@torch.inference_mode()
def outputs_of(
    classifier: DigitPredictor, batch: Tensor, names: Sequence[str]
) -> dict[str, NDArray[Any]]:
    """Return what some stages, by their names, put out for each row of a prepared batch."""
    parts: dict[str, list[Tensor]] = {name: [] for name in names}
    module = classifier.module_
    if batch.device.type != "mps":  # in double precision no value depends on the rows beside it
        module = copy.deepcopy(module).double()
    dtype = next(module.parameters()).dtype
    with threads(classifier.n_threads):
        for some in torch.split(batch, PREDICT_BATCH):
            seen = through(module, some.to(dtype))
            for name in names:
                parts[name].append(seen[name].float().cpu())
    return {name: _plain(torch.cat(found)) for name, found in parts.items()}


def _plain(found: Tensor) -> NDArray[Any]:
    """Return an array; C5's maps of one pixel each are single units."""
    array: NDArray[Any] = (found.flatten(1) if found.shape[2:] == (1, 1) else found).numpy()
    return array


def known_module(module: Any) -> LeNet5 | DenseNet:
    """Return a module whose stages are known; raise a TypeError for any other."""
    if isinstance(module, LeNet5 | DenseNet):
        return module
    raise TypeError(
        f"{type(module).__name__} came, but a LeNet5Classifier, a DenseDigitClassifier, a "
        "pipeline that ends in one, or one of their modules is needed."
    )
