"""The loss of a net that reads lines: connectionist temporal classification."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

BLANK = 0
"""The symbol for "no character here"."""


class CtcLoss(nn.Module):
    """The negative log-probability of each text, divided by its length; the mean of the lines.

    A text that is too long for its line does not count.
    """

    def forward(self, logits: Tensor, targets: Sequence[Tensor]) -> Tensor:
        """Return the loss of a batch of `Lines.take`."""
        codes, lengths = targets
        n, n_columns, _ = logits.shape
        loss: Tensor = F.ctc_loss(
            logits.log_softmax(2).transpose(0, 1),
            codes,
            torch.full((n,), n_columns),
            lengths,
            blank=BLANK,
            zero_infinity=True,
        )
        return loss


def spelled(symbols: Tensor) -> Tensor:
    """Return the text that the symbols of a line's columns spell.

    >>> spelled(torch.tensor([0, 3, 3, 0, 3, 1, 0])).tolist()
    [3, 3, 1]
    """
    text: Tensor = torch.unique_consecutive(symbols)
    return text[text != BLANK]
