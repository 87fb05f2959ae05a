"""The length of a training: how many epochs ``max_epochs="auto"`` means."""

from __future__ import annotations

import math

AUTO_ROWS = 96_000
"""``max_epochs="auto"`` takes as many epochs as it needs to train on this number of rows."""

AUTO_MIN_EPOCHS = 4
"""``max_epochs="auto"`` takes no fewer epochs than this."""

AUTO_MAX_EPOCHS = 60
"""``max_epochs="auto"`` takes no more epochs than this."""


def epochs_for(max_epochs: int | str, n_rows: int) -> int:
    """Return the number of epochs; "auto" takes more epochs for fewer rows.

    >>> [epochs_for("auto", n) for n in (100, 1500, 10_000, 60_000)]
    [60, 60, 10, 4]
    """
    if max_epochs != "auto":
        return int(max_epochs)
    return min(max(math.ceil(AUTO_ROWS / n_rows), AUTO_MIN_EPOCHS), AUTO_MAX_EPOCHS)
