"""Digit: what is known of one digit on a page."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ._piece import Box

UNCERTAIN = "?"


class Digit(NamedTuple):
    """One digit of a picture."""

    label: Any
    """The likeliest digit, or "?" where it is less likely than was asked for, or surely is none."""
    confidence: float
    """The probability of the likeliest digit."""
    box: Box
    """Where it is: ``left``, ``top``, ``right``, ``bottom`` in pixels of the picture."""
    probabilities: NDArray[np.float32]
    """Of every label, in the order of the model's ``classes_``."""
    line: int
    """The line it stands in, from 0."""
    touching: bool
    """Whether it was, or may be, in one piece with another, came in two, or may be no digit."""
    image: NDArray[np.uint8]
    """The 28x28 pixels that the model saw."""
