"""Groups: torch's process groups of a fit, through which its workers send tensors."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

import torch

TIMEOUT = timedelta(seconds=20)
"""How long a worker waits for the others in a step."""


class Groups(NamedTuple):
    """The process groups of a fit; torch's default group is left alone.

    So several fits may run in a process.
    """

    whole: Any
    """The group for what all workers do together; None for a single worker."""
    by_sender: tuple[Any, ...] = ()
    """Of two workers on CPUs, the group in which each of them sends; the other one receives.

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
    names = ("sent by 0", "sent by 1") if n == 2 else ()
    return Groups(
        gloo(meeting("cpu"), rank, n, options),
        tuple(gloo(meeting(name), rank, n, options) for name in names),
    )
