"""Groups: torch's process groups of a fit, through which its workers send tensors."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

import torch

TIMEOUT = timedelta(seconds=20)
"""How long a worker waits for the others in a step."""


MOST_DIRECT = 4
"""Up to this number of workers of one machine send their tensors to each other directly."""


class Groups(NamedTuple):
    """The process groups of a fit; torch's default group is left alone.

    So several fits may run in a process.
    """

    whole: Any
    """The group for what all workers do together; None for a single worker."""
    by_sender: tuple[Any, ...] = ()
    """Of two workers on CPUs, or of a few on one machine, the group in which each of them sends.

    A connection of gloo has a lock, which the training holds while it sends. If data arrive in the
    meantime, gloo's own thread tries to get the lock again and again, which may keep a core busy
    for milliseconds. With a connection for each direction, nothing large arrives where one sends.
    """


ALONE = Groups(None)
"""The groups of a single worker."""


def joined(store: Any, host: str, rank: int, n: int, device: torch.device) -> Groups:
    """Return the groups of a fit; all workers must call this."""
    from torch.distributed import distributed_c10d as torch_distributed

    def meeting(name: str) -> Any:
        return torch_distributed.PrefixStore(name, store)

    if device.type == "cuda":
        options: Any = torch_distributed.ProcessGroupNCCL.Options()
        options._timeout = TIMEOUT
        return Groups(torch_distributed.ProcessGroupNCCL(meeting("cuda"), rank, n, options))
    gloo: Any = torch_distributed.ProcessGroupGloo
    options = gloo._Options()
    options._timeout = TIMEOUT
    options._devices = [gloo.create_device(hostname=host)]
    whole = gloo(meeting("cpu"), rank, n, options)
    if n > 2 and (n > MOST_DIRECT or not on_one_machine(store, host, rank, n)):
        return Groups(whole)
    return Groups(whole, tuple(gloo(meeting(f"sent by {k}"), rank, n, options) for k in range(n)))


def on_one_machine(store: Any, host: str, rank: int, n: int) -> bool:
    """Return whether all workers have the same host; all workers must call this."""
    store.set(f"host of {rank}", host)
    return len({store.get(f"host of {k}") for k in range(n)}) == 1
