"""What the page needs to know of a fitted classifier: its layers, labels, scale and weights.

The scripts in ``page/`` know no estimator. They get the steps from raw pixels to the input of the
net, and a list of layers, each with its kind and the place of its weights.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..estimators import (
    BaseDigitClassifier,
    DenseDigitClassifier,
    PadNormalizer,
    non_digit_code,
)
from ..images import STROKE, DigitImageReader
from ..training import PIXEL_LIMIT
from ..utils import NEAR, NON_DIGIT_WEIGHT, corners_of, enlargement, field_corner
from ._steps import steps_of

UNSURE_BELOW = 0.5
"""A label with a lower probability is not shown as an answer."""


class Weights:
    """All float32 arrays of the page, one after the other."""

    def __init__(self) -> None:
        self.parts: list[NDArray[np.float32]] = []

    def add(self, values: Any) -> dict[str, Any]:
        """Keep an array, and return where it begins and its shape."""
        array = np.asarray(values, dtype=np.float32)
        start = sum(part.size for part in self.parts)
        self.parts.append(array.ravel())
        return {"start": start, "shape": list(array.shape)}

    def all(self) -> NDArray[np.float32]:
        """Return the arrays as one."""
        return np.concatenate(self.parts)


def page_model(estimator: Any) -> tuple[dict[str, Any], NDArray[np.float32]]:
    """Return the fields of the page's model, ready for JSON, and its weights."""
    reader, normalizers, classifier = _parts_of(estimator)
    first = (normalizers or [classifier])[0]
    weights = Weights()
    preparation = [step for owner in normalizers for step in _normalisation(owner)]
    fields = {
        "name": type(classifier).__name__,
        "labels": [str(label) for label in classifier.classes_.tolist()],
        "noDigit": non_digit_code(classifier.classes_),
        "unsureBelow": UNSURE_BELOW,
        "temperature": classifier.temperature_,
        "strokeWidth": float(reader.stroke_width),
        "image": _image(first),
        "preparation": [*preparation, *_standardisation(classifier)],
        "layers": _layers(classifier, weights),
        "novelty": _novelty(classifier, weights),
    }
    return fields, weights.all()


def _parts_of(
    estimator: Any,
) -> tuple[DigitImageReader, list[PadNormalizer], BaseDigitClassifier]:
    """Return the reader, the normalisers and the classifier; raise for any other step."""
    before, classifier = steps_of(estimator, "export_page")
    reader = DigitImageReader(stroke_width=STROKE)
    if before and isinstance(before[0], DigitImageReader):
        reader = before.pop(0)
    for step in before:
        if not isinstance(step, PadNormalizer):
            raise TypeError(
                f"export_page cannot export {type(step).__name__}; before the classifier it takes "
                "DigitImageReader, as the first step, and PadNormalizer: the nets scale their "
                "pixels by themselves."
            )
    return reader, before, classifier


def _image(owner: BaseDigitClassifier | PadNormalizer) -> dict[str, Any]:
    """Return the shape of the images that the first step takes, and the values of a drawing.

    The paper of a drawing has the background of the training images. Its ink has the other end of
    their range.
    """
    shape = owner.image_shape_
    if isinstance(owner, PadNormalizer):
        both_ends = owner.mirror_
    else:
        both_ends = owner.pixel_scale_.lowest + owner.pixel_scale_.highest
    return {
        "height": shape.height,
        "width": shape.width,
        "size": owner.n_features_in_,
        "paper": owner.background_,
        "ink": both_ends - owner.background_,
    }


def _normalisation(step: PadNormalizer) -> list[dict[str, Any]]:
    """Return the steps of a `PadNormalizer`."""
    steps = [_on_field(step), {"kind": "scale", "shift": step.shift_, "divisor": step.divisor_}]
    if step.ink_ is None:
        return steps
    polarity = {
        "kind": "polarity",
        "ink": step.ink_,
        "near": NEAR * abs(2 * step.ink_ - step.mirror_),
        "mirror": step.mirror_,
        "corners": corners_of(step.image_shape_, step.n_features_in_),
    }
    return [polarity, *steps]


def _standardisation(classifier: BaseDigitClassifier) -> list[dict[str, Any]]:
    """Return the steps from the rows of a classifier to the input of its net."""
    scale = classifier.pixel_scale_
    steps = [
        {"kind": "scale", "shift": scale.mean, "divisor": scale.deviation},
        {"kind": "clip", "limit": PIXEL_LIMIT},
    ]
    dense = isinstance(classifier, DenseDigitClassifier)
    return steps if dense else [_on_field(classifier), *steps]


def _on_field(owner: Any) -> dict[str, Any]:
    """Return the step that lays an image on a field of background."""
    shape, field = owner.image_shape_, owner._field()
    top, left = field_corner(shape, field)
    return {
        "kind": "field",
        "height": shape.height,
        "width": shape.width,
        "factor": enlargement(shape, field.box),
        "top": top,
        "left": left,
        "size": field.size,
        "background": owner.background_,
    }


def _layers(classifier: BaseDigitClassifier, weights: Weights) -> list[dict[str, Any]]:
    """Return the layers in their order, each with its kind and the place of its weights."""
    tensors = {
        name: tensor.detach().cpu().numpy()
        for name, tensor in classifier.module_.state_dict().items()
    }
    names = dict.fromkeys(name.partition(".")[0] for name in tensors)
    activation, pooling = classifier.architecture_["activation"], None
    if not isinstance(classifier, DenseDigitClassifier):
        pooling = classifier.architecture_["pooling"]
    layers: list[dict[str, Any]] = []
    for name in names:
        weight = tensors[f"{name}.weight"]
        layers.append(
            {
                "name": name.upper() if len(name) == 2 else name,
                "kind": "convolution" if weight.ndim == 4 else "dense",
                "activation": "identity" if name == "output" else activation,
                "weight": weights.add(weight),
                "bias": weights.add(tensors[f"{name}.bias"]),
            }
        )
        if name in ("c1", "c3"):
            pooled = {"c1": "S2", "c3": "S4"}[name]
            layers.append({"name": pooled, "kind": "pooling", "pooling": pooling})
    return layers


def _novelty(classifier: BaseDigitClassifier, weights: Weights) -> dict[str, Any] | None:
    """Return the prototypes and the threshold of novelty; None if no row can be above it."""
    threshold = getattr(classifier, "novelty_threshold_", math.inf)
    if not math.isfinite(threshold):
        return None
    return {
        "prototypes": weights.add(classifier.prototypes_),
        "threshold": threshold,
        "nonDigitWeight": NON_DIGIT_WEIGHT,
    }
