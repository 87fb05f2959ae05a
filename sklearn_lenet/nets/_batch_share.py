"""BatchShare: the rows of a batch that one of several processes has."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor


class BatchShare(NamedTuple):
    """The rows of a batch that this process has, where several processes share a batch.

    All processes draw the same random numbers for the whole batch, and each takes those of its
    rows. So the result does not depend on the number of processes.
    """

    n: int
    """The number of rows in the whole batch."""
    places: Tensor
    """The places of the rows of this process in the batch."""
