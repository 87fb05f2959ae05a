"""Rows on the disk, more than the memory should hold, and lazy arrays of them.

Workers import this file: it imports nothing that they do not need anyway.
"""

from pathlib import Path

import dask.array as da
import numpy as np
import torch
from dask.delayed import delayed

from sklearn_lenet.training import Augment

PIXELS, LABELS = "pixels.u8", "labels.u8"

SIDE = 28

WRITTEN = 2000
"""The rows that are distorted and written at a time."""


def write_rows(folder, n, data):
    """Write rows with elastic distortions of the training digits, and their labels."""
    known, side = data(), SIDE
    distort = Augment("elastic", (side, side), torch.Generator().manual_seed(0))
    pixels_of = np.memmap(Path(folder) / PIXELS, np.uint8, "w+", shape=(n, side * side))
    labels_of = np.memmap(Path(folder) / LABELS, np.uint8, "w+", shape=(n,))
    for start in range(0, n, WRITTEN):
        place = slice(start, min(start + WRITTEN, n))
        chosen = np.arange(place.start, place.stop) % len(known.X)
        images = torch.from_numpy(known.X[chosen]).view(-1, 1, side, side).float()
        pixels_of[place] = distort(images).round().clamp(0, 255).byte().flatten(1).numpy()
        labels_of[place] = known.y[chosen]
    pixels_of.flush()
    labels_of.flush()


def part_of(path, start, shape):
    """Return rows of a file. Mapped into memory, the file would count as memory of a worker."""
    width = int(np.prod(shape[1:]))
    values = np.fromfile(path, np.uint8, shape[0] * width, offset=start * width)
    return values.reshape(shape)


def rows_of(folder, n, block):
    """Return lazy pixels and labels; each worker reads its blocks from the disk."""

    def lazy(path, *columns):
        sizes = [(start, min(block, n - start)) for start in range(0, n, block)]
        parts = [
            da.from_delayed(
                delayed(part_of)(path, start, (size, *columns)), (size, *columns), np.uint8
            )
            for start, size in sizes
        ]
        return da.concatenate(parts)

    return lazy(Path(folder) / PIXELS, SIDE**2), lazy(Path(folder) / LABELS)
