"""Which pixels a net's answer hangs on: by its gradient, or by covering them in turn."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..estimators import DigitPredictor
from ..utils import Shape, threads
from ._layers import through

PATCH = 5
"""Side of the square that covers a part of the digit."""

METHODS = ("gradient", "occlusion")


def as_images(classifier: DigitPredictor, batch: Any) -> Any:
    """Return a batch as images of the field: dense nets' rows as the square that they are."""
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
    """Return how much each pixel of the field matters for the score of each row's target."""
    with threads(classifier.n_threads):
        columns = torch.from_numpy(targets).to(batch.device)[:, None]
        if method == "gradient":
            return _gradient(classifier, batch, columns)
        return _occlusion(classifier, batch, columns)


def _gradient(classifier: DigitPredictor, batch: Tensor, columns: Tensor) -> NDArray[Any]:
    """Return the size of the score's gradient by each pixel."""
    batch = batch.clone().requires_grad_()
    scores = through(classifier.module_, batch)["output"].gather(1, columns)
    (gradient,) = torch.autograd.grad(scores.sum(), batch)
    maps: NDArray[Any] = as_images(classifier, gradient).abs().float().cpu().numpy()
    return maps


@torch.inference_mode()
def _occlusion(classifier: DigitPredictor, batch: Tensor, columns: Tensor) -> NDArray[Any]:
    """Return how much the score falls, on average, while a patch over each pixel is paper."""
    images = as_images(classifier, batch)
    height, width = images.shape[1:]
    paper = images.amin(dim=(1, 2)) if _is_light(images) else images.amax(dim=(1, 2))
    plain = through(classifier.module_, batch)["output"].gather(1, columns)[:, 0]
    falls, covers = torch.zeros_like(images), torch.zeros_like(images)
    for top in range(1 - PATCH, height, 2):
        for left in range(1 - PATCH, width, 2):
            rows = slice(max(top, 0), top + PATCH)
            some = slice(max(left, 0), left + PATCH)
            covered = images.clone()
            covered[:, rows, some] = paper[:, None, None]
            if batch.ndim == 4:
                changed = covered[:, None]
            else:
                changed = covered.flatten(1)[:, : batch.shape[1]]
            scores = through(classifier.module_, changed)["output"].gather(1, columns)[:, 0]
            falls[:, rows, some] += (plain - scores)[:, None, None]
            covers[:, rows, some] += 1
    maps: NDArray[Any] = (falls / covers.clamp(min=1)).float().cpu().numpy()
    return maps


def _is_light(images: Tensor) -> bool:
    """Return whether the ink is lighter than the paper, which lies in the corners."""
    corners = images[:, [0, 0, -1, -1], [0, -1, 0, -1]]
    middle = (images.amin(dim=(1, 2)) + images.amax(dim=(1, 2))) / 2
    return bool((corners.median(dim=1).values <= middle).float().mean() >= 0.5)
