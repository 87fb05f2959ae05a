"""
LeNet-5, layer by layer
=======================

What the net of 1998 is made of, what each layer learned to look for, and what it makes of a
digit on the way from 32x32 pixels to ten scores.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits

from sklearn_lenet import (
    FeatureMapsDisplay,
    FiltersDisplay,
    LeNet5Classifier,
    SaliencyDisplay,
    TrainingCurveDisplay,
    fetch_mnist,
    layer_table,
)

# %%
# The layers
# ----------
# Each convolution takes a 5x5 window over its maps, so that a side of 32 becomes
# (32 - 5) + 1 = 28; each pooling halves it. C5's window covers all that is left. The weights of
# a window are shared by all its places, which is why C1 has 156 parameters and 122,304
# connections.

layer_table(LeNet5Classifier(activation="tanh", pooling="avg"))

# %%
# Without the border of two pixels around a 28x28 digit, less is left for C5 to see:

layer_table(LeNet5Classifier(input_size=None))

# %%
# Train it
# --------

try:
    X, y = fetch_mnist(return_X_y=True, download_if_missing=False)
    X, y = X[:6000], y[:6000]
except OSError:
    X, y = load_digits(return_X_y=True)
clf = LeNet5Classifier(activation="tanh", pooling="avg", early_stopping=True, random_state=0)
clf.fit(X, y)
TrainingCurveDisplay.from_estimator(clf)
plt.show()

# %%
# What it looks for
# -----------------
# C1's filters are small strokes and edges: red where ink speaks for a match, blue where it speaks
# against one. Each of C3's sixteen filters looks at all six of S2's maps at once.

FiltersDisplay.from_estimator(clf)
plt.show()

# %%
# What it sees
# ------------
# One row for each digit, one column for each stage; yellow is much, dark is little. The maps get
# smaller and say less about where, and more about what. C5's 120 and F6's 84 units are laid out
# in rows.

some = [np.flatnonzero(y == digit)[0] for digit in (3, 5, 8)]
FeatureMapsDisplay.from_estimator(clf, X[some])
plt.show()

# %%
# What it goes by
# ---------------
# Above the digit, below how far its score falls while 5x5 pixels are covered with paper: red
# parts speak for the answer, blue ones against it.

SaliencyDisplay.from_estimator(clf, X[some], method="occlusion")
plt.show()
