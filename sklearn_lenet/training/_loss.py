"""Cross-entropy with sample weights and label smoothing, and its gradient."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class WeightedCrossEntropy(nn.Module):
    """Mean cross-entropy, weighted by the weights of the rows where they have any.

    Weights are relative to the mean weight of all rows, not of the batch: a batch of rows with
    small weights counts less than a batch of rows with large weights.
    """

    def __init__(self, label_smoothing: float = 0.0) -> None:
        super().__init__()
        self.label_smoothing = label_smoothing

    def forward(self, logits: Tensor, targets: Sequence[Tensor]) -> Tensor:
        """Return the loss of a batch of `Rows.take`."""
        smoothing = self.label_smoothing
        if len(targets) == 1:
            return F.cross_entropy(logits, targets[0], label_smoothing=smoothing)
        codes, weights = targets
        losses = F.cross_entropy(logits, codes, reduction="none", label_smoothing=smoothing)
        return (losses * weights).mean()

    def with_gradient(self, logits: Tensor, targets: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        """Return the loss and its gradient with respect to the logits."""
        n, n_classes = logits.shape
        codes, *weights = targets
        expected = _smoothed(n_classes, self.label_smoothing, logits.dtype, logits.device)
        expected = expected.index_select(0, codes)
        log_probabilities = logits.log_softmax(1)
        for weight in weights:
            expected.mul_(weight[:, None])
        loss = torch.dot(log_probabilities.view(-1), expected.view(-1)).div_(-n)
        gradient = log_probabilities.exp_()
        for weight in weights:
            gradient.mul_(weight[:, None])
        return loss, gradient.sub_(expected).div_(n)


@cache
def _smoothed(n_classes: int, smoothing: float, dtype: torch.dtype, device: torch.device) -> Tensor:
    """Return the expected probabilities for each label, one row per class."""
    certain = torch.eye(n_classes, dtype=dtype, device=device) * (1.0 - smoothing)
    return certain + smoothing / n_classes
