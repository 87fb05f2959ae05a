"""Novelty: how far the features of a row are from those of the training rows.

The features are the inputs of the net's last layer, F6 of LeNet-5. Each class is described by a
few prototypes. The novelty of a row is its cosine distance to the nearest one.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from ..utils import NON_DIGIT_WEIGHT

# The numbers were chosen with held-out training digits of MNIST, and with letters, scribbles,
# mirrored and turned digits, textures and another script: see benchmarks/unknown.py.

PROTOTYPES = 10
"""The most prototypes of a class."""

ROUNDS = 5
"""The rounds in which prototypes become the mean direction of the rows that are nearest to them."""

KNOWN_SHARE = 0.99
"""The share of distorted training rows whose novelty is not above the threshold."""


def prototypes_of(
    features: Tensor, codes: Tensor, n_classes: int, non_digit: int | None = None
) -> Tensor:
    """Return the prototypes of all classes but that of non-digits, as float32 rows of length 1."""
    directions = F.normalize(features.float())
    known = [code for code in range(n_classes) if code != non_digit]
    return torch.cat([_centres(directions[codes == code]) for code in known])


def _centres(directions: Tensor) -> Tensor:
    """Return the directions around which those of a class lie: k-means on a sphere."""
    centres = directions[:PROTOTYPES]
    for _ in range(ROUNDS if len(directions) else 0):
        nearest = (directions @ centres.T).argmax(dim=1)
        sums = torch.zeros_like(centres).index_add_(0, nearest, directions)
        kept = sums.norm(dim=1, keepdim=True) > 0
        centres = torch.where(kept, F.normalize(sums), centres)
    return centres


def novelty(
    features: Tensor, logits: Tensor, prototypes: Tensor, non_digit: int | None = None
) -> Tensor:
    """Return the novelty of each row: 0 for a prototype, higher for stranger rows.

    Without prototypes, all rows are equally strange. ``non_digit`` is the code of the class of
    non-digits, if there is one. It has no prototypes; its logit counts instead.

    >>> features = torch.tensor([[2.0, 0.0], [0.0, 3.0]])
    >>> novelty(features, torch.zeros(2, 2), torch.tensor([[1.0, 0.0]])).tolist()
    [0.0, 1.0]
    """
    distance = torch.ones(len(features))
    if len(prototypes):
        distance = 1 - (F.normalize(features.float()) @ prototypes.T).amax(dim=1)
    if non_digit is None:
        return distance
    digits = torch.cat([logits[:, :non_digit], logits[:, non_digit + 1 :]], dim=1).amax(dim=1)
    return distance + NON_DIGIT_WEIGHT * (logits[:, non_digit] - digits).float()


def threshold_of(scores: Tensor) -> float:
    """Return the novelty that is exceeded by few of the scores of digits."""
    return float(torch.quantile(scores, KNOWN_SHARE)) if len(scores) else math.inf
