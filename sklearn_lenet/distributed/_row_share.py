"""RowShare: the rows that one worker trains on, as the training loop reads them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..nets import BatchShare
from ..training import Augment, standardise, to_tensor
from ..utils import Pixels, PixelScale
from ._group_peers import GroupPeers
from ._row_file import RowFile


class OwnRows(NamedTuple):
    """Which of all rows of a fit a worker has."""

    n: int
    """The number of all rows."""
    places: NDArray[Any]
    """The places of the worker's rows among all rows."""
    numbers: NDArray[Any]
    """The numbers of the rows in the worker's file."""
    codes: NDArray[Any]
    weights: NDArray[np.float64] | None
    """The weights of the rows; None if all rows have the same weight."""
    mean_weight: float
    """The mean weight of all rows."""


class Part(NamedTuple):
    """The part of a batch that a worker has."""

    share: BatchShare
    rows: Tensor
    """The indices of the rows among those of the worker."""
    n_own: int


class RowShare:
    """The rows of one worker; `len` and the batches are those of all workers together.

    The batches are the same as in a training in one process, and each worker takes its rows out
    of each batch. If it has none, it takes its first row with the weight 0, because all workers
    must draw the same random numbers.
    """

    def __init__(
        self,
        file: RowFile,
        own: OwnRows,
        arrange: Callable[[Pixels], Pixels],
        scale: PixelScale,
        peers: GroupPeers,
        *,
        dtype: torch.dtype,
        device: torch.device,
    ) -> None:
        self.file, self.own, self.arrange = file, own, arrange
        self.scale, self.peers, self.dtype, self.device = scale, peers, dtype, device
        self.augment: Augment | None = None
        self.codes = torch.from_numpy(own.codes.astype(np.int64)).to(device)
        self.weights: Tensor | None = None
        if own.weights is not None:
            self.weights = torch.from_numpy(own.weights / own.mean_weight).to(device, dtype)
        self._index_of = np.full(own.n, -1, dtype=np.int32)
        self._index_of[own.places] = np.arange(len(own.places), dtype=np.int32)

    def __len__(self) -> int:
        return self.own.n

    @property
    def y(self) -> NDArray[Any]:
        """Return the codes of the worker's rows."""
        return self.own.codes

    def with_augmentation(self, augment: Augment | None) -> RowShare:
        """Return the same rows with another augmentation, or without one."""
        rows = copy.copy(self)
        rows.augment = augment
        return rows

    def batches(self, order: Tensor, batch_size: int) -> Iterator[Part]:
        """Yield the worker's part of each batch of all rows in a given order."""
        indices = self._index_of[order.cpu().numpy()]
        for start in range(0, len(indices), batch_size):
            of_batch = indices[start : start + batch_size]
            (places,) = np.nonzero(of_batch >= 0)
            rows, n_own = of_batch[places], len(places)
            if n_own == 0:
                places = rows = np.zeros(1, dtype=np.int64)
            share = BatchShare(len(of_batch), torch.from_numpy(places).to(self.device))
            yield Part(share, torch.from_numpy(rows.astype(np.int64)), n_own)

    def take(self, part: Part) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Return a part of a batch: standardised pixels, and a tuple of codes and weights."""
        self.peers.begin_batch(part.share, part.n_own)
        if part.n_own == 0:
            numbers, codes = np.zeros(1, dtype=np.int64), torch.zeros(1, dtype=torch.int64)
            no_weight = torch.zeros(1, dtype=self.dtype, device=self.device)
            targets: tuple[Tensor, ...] = (codes.to(self.device), no_weight)
        else:
            numbers = self.own.numbers[part.rows.numpy()]
            index = part.rows.to(self.device)
            targets = (self.codes.index_select(0, index),)
            if self.weights is not None:
                targets += (self.weights.index_select(0, index),)
        pixels = to_tensor(self.arrange(self.file.take(numbers))).to(self.device)
        batch = standardise(pixels, self.scale, self.dtype)
        return batch if self.augment is None else self.augment(batch, part.share), targets
