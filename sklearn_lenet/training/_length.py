"""How many epochs `max_epochs="auto"` stands for."""

from __future__ import annotations

import math

AUTO_ROWS = 96_000
"""``max_epochs="auto"`` trains until so many rows have been seen ..."""

AUTO_EPOCHS = (4, 60)
"""... in no fewer and no more passes than these."""


def epochs_for(max_epochs: int | str, n_rows: int) -> int:
    """Return the number of passes; "auto" makes more of them over fewer rows.

    >>> [epochs_for("auto", n) for n in (100, 1500, 10_000, 60_000)]
    [60, 60, 10, 4]
    """
    if max_epochs != "auto":
        return int(max_epochs)
    fewest, most = AUTO_EPOCHS
    return min(max(math.ceil(AUTO_ROWS / n_rows), fewest), most)
