"""The importance of each pixel for a score: by its gradient, or by covering parts of the digit."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..estimators import DigitPredictor
from ..utils import Shape, threads
from ._layers import forward_by_layer

COVER_SIDE = 5
"""The side of the square that covers a part of the digit, in pixels of the net's input."""

COVER_STEP = 2
"""The distance between two neighbouring positions of the square, in pixels."""

METHODS = ("gradient", "occlusion")
"""The names of the methods."""


def as_images(classifier: DigitPredictor, batch: Any) -> Any:
    """Return a batch as images (n, h, w); the rows of a dense net become the images they were."""
    if batch.ndim == 4:
        return batch[:, 0]
    shape: Shape = classifier.image_shape_
    missing = shape.height * shape.width - batch.shape[1]
    if missing:
        batch = torch.nn.functional.pad(batch, (0, missing))
    return batch.reshape(len(batch), *shape)


def saliency(
    classifier: DigitPredictor, batch: Tensor, *, method: str, targets: NDArray[np.int64]
) -> NDArray[Any]:
    """Return how much each pixel matters for the score of each row's target class."""
    with threads(classifier.n_threads):
        columns = torch.from_numpy(targets).to(batch.device)[:, None]
        if method == "gradient":
            return _gradient(classifier, batch, columns)
        return _occlusion(classifier, batch, columns)


def _gradient(classifier: DigitPredictor, batch: Tensor, columns: Tensor) -> NDArray[Any]:
    """Return the absolute gradient of the score with respect to each pixel."""
    batch = batch.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(_scores(classifier, batch, columns).sum(), batch)
    maps: NDArray[Any] = as_images(classifier, gradient).abs().float().cpu().numpy()
    return maps


@torch.inference_mode()
def _occlusion(classifier: DigitPredictor, batch: Tensor, columns: Tensor) -> NDArray[Any]:
    """Return the mean decrease of the score while a square of background covers each pixel."""
    images = as_images(classifier, batch)
    height, width = images.shape[1:]
    light = _has_light_ink(images)
    background = images.amin(dim=(1, 2)) if light else images.amax(dim=(1, 2))
    original = _scores(classifier, batch, columns)
    decrease, times_covered = torch.zeros_like(images), torch.zeros_like(images)
    for top in range(1 - COVER_SIDE, height, COVER_STEP):
        for left in range(1 - COVER_SIDE, width, COVER_STEP):
            square = (
                slice(None),
                slice(max(top, 0), top + COVER_SIDE),
                slice(max(left, 0), left + COVER_SIDE),
            )
            covered = images.clone()
            covered[square] = background[:, None, None]
            if batch.ndim == 4:
                changed = covered[:, None]
            else:
                changed = covered.flatten(1)[:, : batch.shape[1]]
            scores = _scores(classifier, changed, columns)
            decrease[square] += (original - scores)[:, None, None]
            times_covered[square] += 1
    maps: NDArray[Any] = (decrease / times_covered.clamp(min=1)).float().cpu().numpy()
    return maps


def _scores(classifier: DigitPredictor, batch: Tensor, columns: Tensor) -> Tensor:
    """Return the logit of each row's target class."""
    logits = forward_by_layer(classifier.module_, batch)["output"]
    return logits.gather(1, columns)[:, 0]


def _has_light_ink(images: Tensor) -> bool:
    """Return whether the ink is lighter than the background, which is in the corners."""
    corners = images[:, [0, 0, -1, -1], [0, -1, 0, -1]]
    middle = (images.amin(dim=(1, 2)) + images.amax(dim=(1, 2))) / 2
    return bool((corners.median(dim=1).values <= middle).float().mean() >= 0.5)
