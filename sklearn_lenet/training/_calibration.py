"""Calibration: what a fit learns about a trained net, the temperature and the novelty.

A net is more certain about the rows that it was trained on than about new rows. Both are therefore
learned from validation rows, or from training rows that are distorted until the net treats them
as it treats new rows. This needs no rows that are held back from the training.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import softmax
from torch import Tensor, nn

from ..nets import passes
from ._augmentation import DISPLACEMENT, Augment, displacement_for
from ._batches import Rows
from ._inference import PREDICT_BATCH
from ._novelty import PROTOTYPES, novelty, prototypes_of, threshold_of

MOST_ROWS = 10_000
"""The temperature is fitted on no more rows than this, and a few more of rare classes."""

ENOUGH_ROWS = 1_000
"""Fewer training rows are distorted several times."""

LOWEST_TEMPERATURE, HIGHEST_TEMPERATURE = 0.1, 10.0
"""The bounds of the temperature."""


def new_displacement(n_rows: int, *, augmented: bool) -> float:
    """Return how far the training rows are distorted for the calibration, as a share of the side.

    A net knows its training rows, the better the fewer there are. One that was trained on distorted
    rows also knows these distortions. So few rows, and rows of such a net, get stronger ones. The
    numbers were chosen on held-out digits: with augmentation on training digits of MNIST, from 100
    to 50,000 rows; without it on those, up to 10,000 rows, and on the digits of scikit-learn.

    >>> [round(new_displacement(n, augmented=True), 3) for n in (100, 1000, 60_000)]
    [0.138, 0.115, 0.053]
    >>> [round(new_displacement(n, augmented=False), 3) for n in (100, 1000, 60_000)]
    [0.075, 0.05, 0.05]
    """
    if not augmented:
        return DISPLACEMENT * max(1 + 0.5 * math.log10(1000 / n_rows), 1.0)
    return displacement_for(n_rows) * max(1.5 + 0.45 * math.log10(60_000 / n_rows), 1.0)


class Calibration(NamedTuple):
    """What is learned about a trained net."""

    temperature: float
    prototypes: NDArray[np.float32]
    novelty_threshold: float


class Outputs(NamedTuple):
    """What a net returns for some rows, with their codes and weights, on the CPU."""

    features: Tensor
    logits: Tensor
    codes: Tensor
    weights: Tensor


def calibration(
    module: nn.Module,
    rows: Rows,
    new_rows: Rows | None,
    *,
    seed: int,
    temperature: float | None = None,
    non_digit: int | None = None,
) -> Calibration:
    """Learn the temperature, if none is given, and the novelty of rows.

    ``new_rows`` are rows that the net does not know, if there are any. Training rows can only
    show that the net is too certain: the temperature is then at least 1. They do not tell how
    strange new rows of the same kind are: the threshold of novelty is then infinite.
    """
    rows = rows.with_augmentation(None)
    index, new_index = calibration_sample(rows, new_rows, seed)
    known = outputs_of(module, rows, index)
    new = None
    if new_rows is not None and new_index is not None:
        new = outputs_of(module, new_rows, new_index)
    if temperature is None:
        outputs, n_more, lowest = (known, 0.0, 1.0) if new is None else (new, 1.0, 0.0)
        temperature = max(best_temperature(outputs, n_more=n_more), lowest)
    prototypes = prototypes_of(known.features, known.codes, known.logits.shape[1], non_digit)
    threshold = math.inf
    if new is not None:
        scores = novelty(new.features, new.logits / temperature, prototypes, non_digit)
        threshold = threshold_of(scores if non_digit is None else scores[new.codes != non_digit])
    return Calibration(temperature, prototypes.numpy().copy(), threshold)


def calibration_sample(
    rows: Rows, new_rows: Rows | None, seed: int
) -> tuple[Tensor, Tensor | None]:
    """Return the numbers of the rows, and those of the new rows, that a calibration reads."""
    generator = torch.Generator(rows.device).manual_seed(seed)
    index = _sample(rows.with_augmentation(None), generator, rare=True)
    return index, None if new_rows is None else _sample(new_rows, generator)


def distorted(rows: Rows, shape: tuple[int, int], generator: torch.Generator) -> Rows:
    """Return training rows with the distortions of the calibration."""
    displacement = new_displacement(len(rows), augmented=rows.augment is not None)
    return rows.with_augmentation(Augment("elastic", shape, generator, displacement))


def _sample(rows: Rows, generator: torch.Generator, *, rare: bool = False) -> Tensor:
    """Return the numbers of at most `MOST_ROWS` random rows; few augmented rows are repeated.

    With ``rare``, classes with too few rows among them get more, so that they have prototypes.
    """
    order = torch.randperm(len(rows), generator=generator, device=generator.device)
    index, rest = order[:MOST_ROWS], order[MOST_ROWS:]
    if rare and len(rest):
        counts = torch.bincount(rows.codes[index], minlength=int(rows.codes.max()) + 1)
        for code in torch.nonzero(counts < PROTOTYPES).flatten():
            index = torch.cat([index, rest[rows.codes[rest] == code][:PROTOTYPES]])
    if rows.augment is not None:
        index = index.repeat(math.ceil(ENOUGH_ROWS / len(rows)))
    return index


@torch.inference_mode()
def outputs_of(module: nn.Module, rows: Rows, index: Tensor) -> Outputs:
    """Return the outputs for the rows with these numbers, with their augmentation."""
    net, last, parts = passes(module), module.get_submodule("output"), []
    for part in index.split(PREDICT_BATCH):
        batch, (codes, *weights) = rows.take(part)
        features = net.features(batch)
        weight = weights[0] if weights else torch.ones_like(features[:, 0])
        outputs = Outputs(features, last(features), codes, weight)
        parts.append([tensor.cpu() for tensor in outputs])
    return Outputs(*(torch.cat(tensors) for tensors in zip(*parts, strict=True)))


def best_temperature(outputs: Outputs, *, n_more: float = 1.0) -> float:
    """Return the temperature T with the smallest log loss of ``softmax(logits / T)``.

    The rows share ``n_more`` rows whose label is any of the classes, so that T is not 0 if all
    rows are predicted correctly. The log loss is a convex function of 1 / T: its slope has one
    root.
    """
    logits, codes = outputs.logits.double().numpy(), outputs.codes.numpy()
    weights = outputs.weights.double().numpy()
    if logits.shape[1] == 1:
        return 1.0
    more = n_more / len(codes)
    right = logits[np.arange(len(codes)), codes]
    wanted = (right + more * logits.mean(axis=1)) / (1 + more)

    def slope(inverse: float) -> float:
        probabilities = softmax(logits * inverse, axis=1)
        return float(weights @ ((probabilities * logits).sum(axis=1) - wanted))

    low, high = 1 / HIGHEST_TEMPERATURE, 1 / LOWEST_TEMPERATURE
    if slope(low) >= 0:
        return 1.0 if slope(high) == 0 else HIGHEST_TEMPERATURE
    if slope(high) <= 0:
        return LOWEST_TEMPERATURE
    return float(1 / brentq(slope, low, high))
