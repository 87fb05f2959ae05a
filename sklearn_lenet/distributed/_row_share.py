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
from ._fair_shares import fair_shares
from ._group_peers import GroupPeers
from ._row_file import RowFile

WINDOW = 256
"""The batches for which the workers exchange rows at a time."""


class OwnRows(NamedTuple):
    """Which of all rows of a fit a worker has."""

    owners: NDArray[Any]
    """The worker of each of all rows."""
    numbers: NDArray[Any]
    """The numbers of this worker's rows in its file."""
    codes: NDArray[Any]
    weights: NDArray[np.float64] | None
    """The weights of the rows; None if all rows have the same weight."""
    mean_weight: float
    """The mean weight of all rows."""
    pixel_type: np.dtype[Any]
    """The type that holds the pixels of all workers."""


class Part(NamedTuple):
    """The part of a batch that a worker takes."""

    share: BatchShare
    rows: NDArray[Any]
    """The indices of its own rows among those of the worker."""
    lent: NDArray[Any]
    """The rows of other workers, with pixels, codes and weights."""

    @property
    def n(self) -> int:
        """Return the number of rows."""
        return len(self.rows) + len(self.lent)


class RowShare:
    """The rows of one worker; `len` and the batches are those of all workers together.

    The batches are the same as in a training in one process, and all workers take equal shares of
    each: those that have more rows of a batch lend some. If there is no row for a worker, it takes
    its first row with the weight 0, because all workers must draw the same random numbers.
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
        (places,) = np.nonzero(own.owners == peers.rank)
        self._index_of = np.full(len(own.owners), -1, dtype=np.int32)
        self._index_of[places] = np.arange(len(places), dtype=np.int32)

    def __len__(self) -> int:
        return len(self.own.owners)

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
        places = order.cpu().numpy()
        n_rows = WINDOW * batch_size
        for start in range(0, len(places), n_rows):
            yield from self._parts(places[start : start + n_rows], batch_size)

    def _parts(self, places: NDArray[Any], batch_size: int) -> Iterator[Part]:
        """Yield the parts of some batches, after an exchange of rows."""
        rank, owners, indices = self.peers.rank, self.own.owners[places], self._index_of[places]
        takers = fair_shares(owners, self.peers.n, batch_size)
        lent, lent_at = self._exchanged(owners, takers, indices)
        (taken,) = np.nonzero(takers == rank)
        # In each batch, the worker's own rows come before those of others.
        taken = taken[np.argsort(taken // batch_size * 2 + (owners[taken] != rank), kind="stable")]
        is_own = owners[taken] == rank
        own, borrowed = taken[is_own], taken[~is_own]
        sizes = np.bincount(np.arange(len(places)) // batch_size)

        def by_batch(values: NDArray[Any], at: NDArray[np.intp]) -> list[NDArray[Any]]:
            counts = np.bincount(at // batch_size, minlength=len(sizes))
            return np.split(values, np.cumsum(counts)[:-1])

        for size, of_part, rows, others in zip(
            sizes.tolist(),
            by_batch(taken % batch_size, taken),
            by_batch(indices[own], own),
            by_batch(lent[lent_at[borrowed]], borrowed),
            strict=True,
        ):
            in_batch = torch.from_numpy(of_part if len(of_part) else np.zeros(1, dtype=np.int64))
            yield Part(BatchShare(size, in_batch.to(self.device)), rows, others)

    def _exchanged(
        self, owners: NDArray[Any], takers: NDArray[Any], indices: NDArray[Any]
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """Lend rows and borrow others; return those, and which of them belongs to each place."""
        rank, n_workers = self.peers.rank, self.peers.n
        (moved,) = np.nonzero(owners != takers)
        given, taken = moved[owners[moved] == rank], moved[takers[moved] == rank]
        given = given[np.argsort(takers[given], kind="stable")]
        taken = taken[np.argsort(owners[taken], kind="stable")]
        lent_at = np.empty(len(owners), dtype=np.int64)
        lent_at[taken] = np.arange(len(taken))
        rows = self._packed(indices[given])
        if len(moved):
            rows = self.peers.exchanged(
                rows,
                np.bincount(takers[given], minlength=n_workers),
                np.bincount(owners[taken], minlength=n_workers),
            )
        return rows, lent_at

    def _packed(self, rows: NDArray[Any]) -> NDArray[Any]:
        """Return rows of this worker with their codes and weights, to be sent."""
        own = self.own
        pixels = self.file.take(own.numbers[rows])
        kinds = [("pixels", own.pixel_type, pixels.shape[1:]), ("code", "i8"), ("weight", "f8")]
        packed = np.empty(len(rows), dtype=kinds)
        packed["pixels"], packed["code"] = pixels, own.codes[rows]
        packed["weight"] = 1.0 if own.weights is None else own.weights[rows]
        return packed

    def take(self, part: Part) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Return a part of a batch: standardised pixels, and a tuple of codes and weights."""
        self.peers.begin_batch(part.share, part.n)
        own = self.own
        if part.n == 0:
            pixels, codes = self.file.take(np.zeros(1, dtype=np.int64)), np.zeros(1, dtype=np.int64)
            weights: NDArray[Any] | None = np.zeros(1)
        else:
            pixels = self.file.take(own.numbers[part.rows])
            codes = own.codes[part.rows].astype(np.int64)
            weights = None if own.weights is None else own.weights[part.rows]
            if len(part.lent):
                pixels = np.concatenate([pixels, part.lent["pixels"]])
                codes = np.concatenate([codes, part.lent["code"]])
                if weights is not None:
                    weights = np.concatenate([weights, part.lent["weight"]])
        targets: tuple[Tensor, ...] = (torch.from_numpy(codes).to(self.device),)
        if weights is not None:
            relative = torch.from_numpy(weights / own.mean_weight)
            targets += (relative.to(self.device, self.dtype),)
        batch = standardise(to_tensor(self.arrange(pixels)).to(self.device), self.scale, self.dtype)
        return batch if self.augment is None else self.augment(batch, part.share), targets
