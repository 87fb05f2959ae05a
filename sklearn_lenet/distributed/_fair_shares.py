"""Which worker trains on each row of a batch: equal shares, whatever rows the workers have."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def fair_shares(owners: NDArray[np.integer], n_workers: int) -> NDArray[np.integer]:
    """Return the worker that takes each row of a batch, from the worker that has it.

    All workers take equally many rows, or one more. A worker takes rows of others only if it has
    fewer rows than that.

    >>> fair_shares(np.array([0, 0, 1, 0, 0, 0]), 2)
    array([0, 0, 1, 0, 1, 1])
    """
    n = len(owners)
    fair = np.full(n_workers, n // n_workers)
    fair[: n % n_workers] += 1
    counts = np.bincount(owners, minlength=n_workers)
    by_owner = np.argsort(owners, kind="stable")
    place_among_own = np.arange(n) - np.repeat(np.cumsum(counts) - counts, counts)
    lent = by_owner[place_among_own >= np.repeat(fair, counts)]
    takers = owners.copy()
    takers[lent] = np.repeat(np.arange(n_workers), np.maximum(fair - counts, 0))
    return takers
