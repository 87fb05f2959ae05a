"""The blocks of rows of X, y and sample_weight, and the worker that takes each of them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from sklearn.utils import _safe_indexing
from sklearn.utils.validation import _num_samples

from ..utils import as_array, as_numpy, is_lazy


class Block(NamedTuple):
    """Rows that are loaded together: data, or tasks of Dask that load them."""

    X: Any
    y: Any
    weight: Any
    n: int | None
    """The number of rows, if it is known before they are loaded."""
    futures: Sequence[Any] = ()
    """The parts of X that are in the memory of workers, or will be."""


def blocks_of(X: Any, y: Any, sample_weight: Any, n_workers: int, name: str) -> list[Block]:
    """Return the blocks of Dask collections; other data gets a block for each worker.

    ``name`` is that of the estimator in messages.
    """
    if y is None:
        raise ValueError(f"{name} requires y to be passed, but the target y is None.")
    X = X if is_lazy(X) else as_array(X, name)
    sizes = _sizes(X, n_workers)
    xs = _delayed(X) if is_lazy(X) else _cut(X, [n for n in sizes if n is not None])
    ys = _parts("y", y, sizes)
    none = [None] * len(xs)
    weights = none if sample_weight is None else _parts("sample_weight", sample_weight, sizes)
    futures = _persisted(X, len(xs))
    return [Block(*parts) for parts in zip(xs, ys, weights, sizes, futures, strict=True)]


def _persisted(X: Any, n_blocks: int) -> list[list[Any]]:
    """Return the futures of each block of a persisted collection."""
    futures: list[list[Any]] = [[] for _ in range(n_blocks)]
    if is_lazy(X):
        from distributed import futures_of

        for future in futures_of(X):
            match future.key:
                case (str(), int(number), *_) if number < n_blocks:
                    futures[number].append(future)
    return futures


def _sizes(X: Any, n_workers: int) -> list[int | None]:
    """Return the number of rows of each block of X, None where Dask does not know it."""
    if hasattr(X, "npartitions") and not hasattr(X, "chunks"):
        return [None] * X.npartitions
    if is_lazy(X):
        return [None if math.isnan(n) else int(n) for n in X.chunks[0]]
    n = _num_samples(X)
    bounds = [n * k // n_workers for k in range(n_workers + 1)]
    pairs = itertools.pairwise(bounds)
    sizes: list[int | None] = [b - a for a, b in pairs if b > a]
    return sizes


def _parts(name: str, values: Any, sizes: Sequence[int | None]) -> list[Any]:
    """Return the parts of y or sample_weight that belong to the blocks of X."""
    known = [n for n in sizes if n is not None]
    is_known = len(known) == len(sizes)
    if not is_lazy(values):
        values = np.asarray(as_numpy(values))
        n_values = _num_samples(values)
        if not is_known:
            raise TypeError(
                f"{name} is of type {type(values).__name__}, but the lengths of the blocks of X "
                "are not known: use a collection of Dask with the same blocks as X."
            )
        if n_values != sum(known):
            raise _other_length(name, n_values, sum(known))
        return _cut(values, known)
    if is_known and hasattr(values, "chunks") and not any(map(math.isnan, values.chunks[0])):
        if values.shape[0] != sum(known):
            raise _other_length(name, values.shape[0], sum(known))
        values = values.rechunk({0: tuple(known)})
    parts = _delayed(values)
    if len(parts) != len(sizes):
        raise ValueError(
            f"X has {len(sizes)} blocks and {name} has {len(parts)}: give both the same blocks, "
            "for instance with compute_chunk_sizes() and rechunk."
        )
    return parts


def _other_length(name: str, n: int, expected: int) -> ValueError:
    return ValueError(
        f"Found input variables with inconsistent numbers of samples: {name} has {n} and X has "
        f"{expected} rows."
    )


def _delayed(collection: Any) -> list[Any]:
    """Return a task for each block of rows of a collection."""
    if hasattr(collection, "chunks"):
        other_axes = dict.fromkeys(range(1, collection.ndim), -1)
        return list(collection.rechunk(other_axes).to_delayed().ravel())
    # Dask's optimizer joins blocks of a Parquet file where few columns are read: y would have other
    # blocks than X.
    return list(collection.simplify().to_delayed(optimize_graph=False))


def _cut(values: Any, sizes: Sequence[int]) -> list[Any]:
    """Return the parts of data of these lengths."""
    parts, start = [], 0
    for n in sizes:
        parts.append(_safe_indexing(values, slice(start, start + n)))
        start += n
    return parts


def placed(
    sizes: Sequence[int | None], holders: Sequence[Sequence[str]], workers: Sequence[str]
) -> list[str]:
    """Return the worker of each block: where it lies, if this leaves the workers balanced.

    >>> placed([4, 4, 4, 4], [["a"], ["a"], ["a"], []], ["a", "b"])
    ['a', 'a', 'b', 'b']
    """
    rows = [1 if n is None else n for n in sizes]
    most = math.ceil(sum(rows) / len(workers))
    loads = dict.fromkeys(workers, 0)
    chosen = []
    for n, at in zip(rows, holders, strict=True):
        near = [w for w in at if w in loads and loads[w] + n <= max(most, n)]
        worker = min(near or workers, key=lambda name: loads[name])
        loads[worker] += n
        chosen.append(worker)
    return chosen
