"""The IDX format of MNIST's files: bytes to arrays and back."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray


def read_idx(content: bytes) -> NDArray[np.uint8]:
    """Return the array in an IDX file of unsigned bytes: two zeros, type 8, rank, sizes, values."""
    rank = content[3]
    shape = struct.unpack_from(f">{rank}I", content, offset=4)
    return np.frombuffer(content, dtype=np.uint8, offset=4 + 4 * rank).reshape(shape)


def write_idx(values: NDArray[np.uint8]) -> bytes:
    """Return an array as the contents of an IDX file."""
    header = struct.pack(f">BBBB{values.ndim}I", 0, 0, 8, values.ndim, *values.shape)
    return header + values.tobytes()
