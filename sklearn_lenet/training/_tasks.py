"""What a net learns: to classify images, or to read lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ._ctc_loss import CtcLoss, spelled
from ._loss import WeightedCrossEntropy


@dataclass(frozen=True)
class Task:
    """The loss of a net, and how its accuracy is counted."""

    criterion: type[nn.Module]
    criterion_settings: tuple[str, ...]
    """The names of the settings that the loss takes."""
    n_classes: int | None
    """The number of classes; None if the net does not classify."""
    judge: Callable[[Tensor, Sequence[Tensor]], tuple[Tensor, Tensor]]
    """Returns which outputs of a batch are right, and their weights."""


def classification(n_classes: int) -> Task:
    """Return the task of classifying images."""
    return Task(WeightedCrossEntropy, ("label_smoothing",), n_classes, _right_labels)


def _right_labels(outputs: Tensor, targets: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    weights = targets[1] if len(targets) > 1 else torch.ones_like(outputs[:, 0])
    return outputs.argmax(1) == targets[0], weights


def _right_texts(outputs: Tensor, targets: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    codes, lengths = targets
    texts = torch.split(codes, lengths.tolist())
    found = [spelled(symbols) for symbols in outputs.argmax(2).cpu()]
    right = [torch.equal(one, text) for one, text in zip(found, texts, strict=True)]
    return torch.tensor(right), torch.ones(len(right))


READING = Task(CtcLoss, (), None, _right_texts)
"""The task of reading lines."""
