"""Which worker trains on each row of some batches: equal shares, whatever rows the workers have."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def fair_shares(
    owners: NDArray[np.integer], n_workers: int, batch_size: int
) -> NDArray[np.integer]:
    """Return the worker that takes each row of some batches, from the worker that has it.

    All workers take equally many rows of a batch, or one more. A worker takes rows of others only
    if it has fewer rows than that.

    >>> fair_shares(np.array([0, 0, 1, 0, 0, 0]), 2, batch_size=6)
    array([0, 0, 1, 0, 1, 1])
    >>> fair_shares(np.array([0, 0, 1, 0, 0, 0]), 2, batch_size=4)
    array([0, 0, 1, 1, 0, 1])
    """
    n = len(owners)
    batches = np.arange(n) // batch_size
    sizes = np.bincount(batches)[:, None]
    fair = (sizes // n_workers + (np.arange(n_workers) < sizes % n_workers)).ravel()
    groups = batches * n_workers + owners  # the rows of a batch that one worker has
    counts = np.bincount(groups, minlength=len(fair))
    by_group = np.argsort(groups, kind="stable")
    place_in_group = np.arange(n) - np.repeat(np.cumsum(counts) - counts, counts)
    lent = by_group[place_in_group >= np.repeat(fair, counts)]
    takers = owners.copy()
    workers = np.tile(np.arange(n_workers), len(sizes))
    takers[lent] = np.repeat(workers, np.maximum(fair - counts, 0))
    return takers
