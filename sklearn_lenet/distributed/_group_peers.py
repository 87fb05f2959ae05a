"""GroupPeers: the workers of a fit, which average their gradients in each step."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ..nets import BatchShare, Criterion, Dropout, Passes
from ._group_sum import GroupSum
from ._groups import ALONE, TIMEOUT, joined
from ._memory_sum import MemorySum, memory_sum

POLL = 0.002
"""Seconds between two looks at whether all workers have arrived."""


def meet(store: Any, place: str, n: int, stop: threading.Event) -> None:
    """Wait for the other workers however long it takes, or until the fit is stopped."""
    store.add(place, 1)
    while store.add(place, 0) < n:
        if stop.is_set():
            raise KeyboardInterrupt
        time.sleep(POLL)


class LostPeerError(RuntimeError):
    """Another worker of the fit does not answer."""


class GroupPeers:
    """The workers of a fit; `store` is their meeting place, None for a single worker."""

    def __init__(
        self,
        store: Any,
        host: str,
        rank: int,
        n: int,
        *,
        device: torch.device,
        stop: threading.Event,
    ) -> None:
        self.store, self.rank, self.n = store, rank, n
        self.device, self.stop = device, stop
        self.groups = ALONE
        self._n_meetings = 0
        if store is not None:  # a worker may begin late, if it is busy with other tasks
            self._meet()
            self.groups = joined(store, host, rank, n, device)
        self.share: BatchShare | None = None
        self.part = 0.0
        """The part of the rows of the batch that this worker has."""
        self._dropouts: list[Dropout] | None = None
        self._message: GroupSum | MemorySum | None = None
        self._parts: list[tuple[Tensor, Tensor]] = []
        """Each parameter with its part of the message."""

    def begin_batch(self, share: BatchShare, n_own: int) -> None:
        """Take note of the part of the next batch that this worker has."""
        self.share, self.part = share, n_own / share.n

    def learn(
        self, fast: Passes, batch: Tensor, targets: Sequence[Tensor], criterion: Criterion
    ) -> tuple[Tensor, Tensor]:
        """Set the gradients of the whole batch; return the logits and the loss of the share."""
        if self._dropouts is None:
            self._dropouts = [m for m in fast.module.modules() if isinstance(m, Dropout)]
        for dropout in self._dropouts:
            dropout.share = self.share
        if self._message is None:
            # One message for a step: the gradients, and whether one asks to stop.
            sizes = [parameter.numel() for parameter in fast.parameters]
            self._message = self._new_message(fast.parameters[0].new_zeros(sum(sizes) + 1))
            parts = self._message.total[:-1].split(sizes)
            self._parts = [
                (p, part.view_as(p)) for p, part in zip(fast.parameters, parts, strict=True)
            ]
            for parameter, part in self._parts:  # large gradients are written there
                parameter.grad = part
        with self._lost_peers():
            self._message.expect()
        outputs, loss = fast.learn(batch, targets, criterion)
        for parameter, part in self._parts:
            if parameter.grad is None:  # frozen by a callback
                part.zero_()
            elif parameter.grad is not part:
                part.copy_(parameter.grad)
        message = self._message.values
        torch.mul(self._message.total, self.part, out=message)
        message[-1] = float(self.stop.is_set())
        with self._lost_peers():
            self._message.begin()
        return outputs, loss

    def average(self) -> None:
        """Replace the gradients of the share by those of the whole batch."""
        if self._message is None:
            raise RuntimeError("average needs gradients: call learn first.")
        with self._lost_peers():
            message = self._message.end()
        if float(message[-1]) > 0:  # all workers stop in the same step
            raise KeyboardInterrupt
        for parameter, part in self._parts:
            if parameter.grad is not None:
                parameter.grad = part

    def totals(self, *values: float) -> tuple[float, ...]:
        """Return the sums of values over all workers."""
        self._meet()  # some may have more rows to validate
        sums = torch.tensor(values, dtype=torch.float64, device=self.device)
        self._sum(sums)
        return tuple(sums.tolist())

    def exchanged(
        self, rows: NDArray[Any], given: NDArray[Any], taken: NDArray[Any]
    ) -> NDArray[Any]:
        """Send rows to the other workers; return the rows of the same type that they send.

        ``rows`` are sorted by the worker that gets them, those that come by their sender. ``given``
        and ``taken`` are the numbers of rows for, and from, each worker.
        """
        size = rows.dtype.itemsize
        sent = torch.from_numpy(rows.view(np.uint8).reshape(-1)).to(self.device)
        received = torch.empty(int(taken.sum()) * size, dtype=torch.uint8, device=self.device)
        sizes = (taken * size).tolist(), (given * size).tolist()
        with self._lost_peers():
            self.groups.whole.alltoall_base(received, sent, *sizes).wait()
        found: NDArray[Any] = received.cpu().numpy().view(rows.dtype)
        return found

    @torch.no_grad()
    def align(self, module: nn.Module) -> None:
        """Give all workers the weights of the first one: other processors may round otherwise."""
        for parameter in module.parameters():
            if self.rank > 0:
                parameter.zero_()
            self._sum(parameter.detach())

    def leave(self) -> None:
        """Close the connections, so that no other worker waits for this one."""
        if self._message is not None:
            self._message.close()
        self.store, self.groups, self._message = None, ALONE, None

    def _meet(self) -> None:
        self._n_meetings += 1
        if self.store is not None:
            meet(self.store, f"meeting {self._n_meetings}", self.n, self.stop)

    def _new_message(self, tensor: Tensor) -> GroupSum | MemorySum:
        """Return the sum that takes place in each step."""
        shared = None
        if self.groups.whole is not None:
            with self._lost_peers():
                shared = memory_sum(self.groups.whole, self.rank, tensor)
        return shared or self._new_sum(tensor)

    def _new_sum(self, tensor: Tensor) -> GroupSum:
        return GroupSum(self.groups, self.rank, tensor)

    def _sum(self, tensor: Tensor) -> None:
        """Replace a tensor by its sum over all workers."""
        total = self._new_sum(tensor)
        with self._lost_peers():
            total.expect()
            total.begin()
            total.end()

    @contextmanager
    def _lost_peers(self) -> Iterator[None]:
        """Say that a worker was lost, where torch says what happened to a connection."""
        try:
            yield
        except RuntimeError as error:
            if self.stop.is_set():  # another worker has stopped first
                raise KeyboardInterrupt from error
            raise LostPeerError(
                f"another worker of the fit has ended, or did not answer for {TIMEOUT.seconds} "
                "seconds: see the log of the workers."
            ) from error
