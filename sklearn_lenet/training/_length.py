"""The length of a fit: what "auto" means for epochs, batches and the patience."""

from __future__ import annotations

import math
import sys
from typing import NamedTuple

PLAIN_ROWS = 96_000
"""Without augmentation, a fit takes as many epochs as it needs to train on this number of rows."""

PLAIN_EPOCHS = 4, 60
"""Without augmentation, a fit takes no fewer epochs than the first number, no more than the second.

More epochs on few rows without augmentation make the predictions worse.
"""

# The numbers for augmented rows were chosen on held-out training digits of MNIST, from 100 to
# 50,000 training rows, and on the digits of scikit-learn.

AUGMENTED_ROWS = 310_000
"""With augmentation, a fit trains on about this number of distorted rows in all."""

ROWS_MORE = 400
"""The epochs are those of a fit of so many rows more, so that few rows take no endless time."""

FEWEST_EPOCHS = 4
"""With augmentation, a fit takes no fewer epochs than this."""

BATCHES = 16, 128
"""The rows in a batch: the first number for 100 augmented rows, the second for 60,000."""

LINES_IN_ALL = 720_000
"""A fit on lines trains on about this number of distorted lines in all."""

LINE_EPOCHS = 12, 200
"""The fewest and the most epochs of a fit on lines."""

PATIENCE = 10, 0.5
"""How long to wait for an improvement: a number of epochs, and a share of all epochs."""


class Length(NamedTuple):
    """The number of epochs of a fit, and the rows in each of its batches."""

    epochs: int
    batch_size: int


def fit_length(
    n_rows: int, *, augmented: bool, max_epochs: int | str, batch_size: int | str
) -> Length:
    """Return the length of a fit; "auto" depends on the number of rows.

    >>> fit_length(60_000, augmented=False, max_epochs="auto", batch_size="auto")
    Length(epochs=4, batch_size=128)
    >>> fit_length(100, augmented=False, max_epochs="auto", batch_size=50)
    Length(epochs=60, batch_size=50)
    >>> for n in (100, 300, 1000, 3000, 10_000, 60_000):
    ...     print(*fit_length(n, augmented=True, max_epochs="auto", batch_size="auto"))
    620 16
    443 23
    221 34
    91 48
    30 71
    5 128
    """
    auto = _augmented_length(n_rows) if augmented else _plain_length(n_rows)
    return Length(
        auto.epochs if max_epochs == "auto" else int(max_epochs),
        # torch takes no larger batch size than sys.maxsize
        auto.batch_size if batch_size == "auto" else min(int(batch_size), sys.maxsize),
    )


def _plain_length(n_rows: int) -> Length:
    fewest, most = PLAIN_EPOCHS
    return Length(min(max(math.ceil(PLAIN_ROWS / n_rows), fewest), most), BATCHES[1])


def _augmented_length(n_rows: int) -> Length:
    epochs = max(round(AUGMENTED_ROWS / (n_rows + ROWS_MORE)), FEWEST_EPOCHS)
    smallest, largest = BATCHES
    growth = math.log(n_rows / 100) / math.log(60_000 / 100)  # 0 for 100 rows, 1 for 60,000
    batch_size = smallest * (largest / smallest) ** growth
    return Length(epochs, min(max(round(batch_size), smallest), largest))


def line_length(n_lines: int, max_epochs: int | str, batch_size: int) -> Length:
    """Return the length of a fit on lines.

    >>> line_length(40_000, "auto", 64), line_length(500, 3, 64)
    (Length(epochs=18, batch_size=64), Length(epochs=3, batch_size=64))
    """
    fewest, most = LINE_EPOCHS
    auto = min(max(round(LINES_IN_ALL / n_lines), fewest), most)
    return Length(auto if max_epochs == "auto" else int(max_epochs), batch_size)


def patience(n_iter_no_change: float | str, epochs: int, lr_schedule: str) -> float:
    """Return after how many epochs without improvement early stopping stops.

    While the learning rate is high, the validation score is noisy. The best epochs come when it
    falls at the end of the schedule, so "auto" waits longer if there is one.

    >>> patience("auto", 400, "one-cycle"), patience("auto", 5, "one-cycle")
    (200, 10)
    >>> patience("auto", 400, "constant"), patience(3, 400, "one-cycle")
    (10, 3.0)
    """
    if n_iter_no_change != "auto":
        return float(n_iter_no_change)
    fewest, share = PATIENCE
    return fewest if lr_schedule == "constant" else max(fewest, round(share * epochs))
