"""DivergedError: the loss or a weight became NaN or infinite."""

from __future__ import annotations


class DivergedError(ValueError):
    """The loss or a weight is no number any more."""
