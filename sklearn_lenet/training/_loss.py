"""Cross-entropy with sample weights and label smoothing, and its gradient."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class WeightedCrossEntropy(nn.Module):
    """Cross-entropy, its mean weighted by the rows' weights where they have any.

    Weights are relative to the mean weight of all rows, not of the batch: a batch that
    happens to hold light rows alone must not count as much as one of heavy rows.
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
        """Return the loss and its gradient by the logits, written out."""
        n, n_classes = logits.shape
        codes, *weights = targets
        wanted = _smoothed(n_classes, self.label_smoothing, logits.dtype, logits.device)
        wanted = wanted.index_select(0, codes)
        logs = logits.log_softmax(1)
        for weight in weights:
            wanted.mul_(weight[:, None])
        loss = torch.dot(logs.view(-1), wanted.view(-1)).div_(-n)
        gradient = logs.exp_()
        for weight in weights:
            gradient.mul_(weight[:, None])
        return loss, gradient.sub_(wanted).div_(n)


@cache
def _smoothed(n_classes: int, smoothing: float, dtype: torch.dtype, device: torch.device) -> Tensor:
    """Return what a net should answer for each class, a row each."""
    sure = torch.eye(n_classes, dtype=dtype, device=device) * (1.0 - smoothing)
    return sure + smoothing / n_classes
