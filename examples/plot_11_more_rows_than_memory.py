"""
More rows than memory
=====================

A net learns from a file that is larger than the memory, one block of rows at a time. The order in
which the blocks are read matters.
"""

import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from sklearn_lenet import DenseDigitClassifier

X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=300, stratify=y, random_state=0)

# %%
# A file sorted by label
# ----------------------
# Files often are: one folder after the other was added to them. Here the file is small, and
# contains nothing but the pixels, a byte each. ``np.memmap`` opens it as an array, and reads only
# the rows that are asked for.

folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
path = Path(folder.name) / "digits.uint8"
by_label = np.argsort(y_train, kind="stable")
X_train[by_label].astype(np.uint8).tofile(path)
labels = y_train[by_label]

pixels = np.memmap(path, dtype=np.uint8, mode="r").reshape(-1, 64)
n_rows = 30
starts = np.arange(0, len(pixels), n_rows)
print(f"{len(pixels)} rows in {len(starts)} blocks")

# %%
# Three orders
# ------------
# Each call of ``partial_fit`` trains for one epoch on its rows. The first call learns the scale of
# the pixels and needs all labels: ``classes``. Each net reads the file four times.


def accuracies(order, n_at_once):
    """Return the accuracy on other digits after each call, and how many blocks it has read."""
    clf = DenseDigitClassifier(batch_size=10, lr=0.003, random_state=0)
    found = []
    for first in range(0, len(order), n_at_once):
        chosen = order[first : first + n_at_once]
        rows = np.concatenate([pixels[start : start + n_rows] for start in chosen])
        digits = np.concatenate([labels[start : start + n_rows] for start in chosen])
        clf.partial_fit(rows, digits, classes=np.arange(10))
        found.append((first + len(chosen), clf.score(X_test, y_test)))
    return np.array(found).T


rng = np.random.default_rng(0)
in_order = np.tile(starts, 4)
at_random = np.concatenate([rng.permutation(starts) for _ in range(4)])

figure, ax = plt.subplots(figsize=(6.4, 3.4), layout="constrained")
for name, order, n_at_once, style, colour in [
    ("ten blocks at once, in a random order", at_random, 10, "o-", "#009E73"),
    ("one block at once, in a random order", at_random, 1, "-", "#0072B2"),
    ("one block at once, in the file's order", in_order, 1, "--", "#D55E00"),
]:
    n_read, accuracy = accuracies(order, n_at_once)
    ax.plot(n_read, 100 * accuracy, style, color=colour, markersize=3, label=name)
    print(f"{name}: {accuracy[-1]:.1%}")
ax.set(xlabel="blocks read; the file has 50", ylabel="accuracy on other digits, %", ylim=(0, 100))
ax.set_xticks(np.arange(0, 201, 50))
figure.legend(loc="outside upper left", frameon=False)
ax.grid(alpha=0.3)
plt.show()

# %%
# In the file's order, the net learns one digit after the other and forgets those that came
# earlier. In a random order it sees each of them again soon, but goes back and forth, because most
# blocks contain only one digit. ``partial_fit`` mixes its rows, so a call with many blocks from
# all over the file learns steadily. They need no more memory than one large block.

# %%
# Zarr and Parquet
# ----------------
# Both store blocks of rows, compressed, so that a block of the file is what one call should get.
#
# .. code-block:: python
#
#     pixels = zarr.open_array("digits.zarr", mode="r")
#     for start in rng.permutation(np.arange(0, pixels.shape[0], pixels.chunks[0])):
#         rows = slice(start, start + pixels.chunks[0])
#         clf.partial_fit(pixels[rows], labels[rows], classes=np.arange(10))
#
#     table = pyarrow.parquet.ParquetFile("digits.parquet")
#     for group in rng.permutation(table.num_row_groups):
#         frame = table.read_row_group(group).to_pandas()
#         clf.partial_fit(frame.drop(columns="label"), frame["label"], classes=np.arange(10))

folder.cleanup()
