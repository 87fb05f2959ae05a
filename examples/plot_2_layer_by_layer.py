"""
LeNet-5, layer by layer
=======================

The layers of the net of LeCun et al. (1998), the filters that they learn, and their outputs for a
digit, from 32x32 pixels to ten scores.
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
# Each convolution moves a 5x5 window over its input maps. A side of 32 pixels becomes
# (32 - 5) + 1 = 28 pixels. Each pooling layer halves the side. The window of C5 covers its whole
# input. All positions of a window share the same weights: C1 has 122,304 connections, but only 156
# parameters.

layer_table(LeNet5Classifier(activation="tanh", pooling="avg"))

# %%
# Without the border of two pixels around a 28x28 digit, the input of C5 is smaller:

layer_table(LeNet5Classifier(input_size=None))

# %%
# Training
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
# The filters
# -----------
# The filters of C1 detect small strokes and edges. Ink on a red pixel increases the output, ink on
# a blue pixel decreases it. Each of the sixteen filters of C3 takes all six maps of S2.

FiltersDisplay.from_estimator(clf)
plt.show()

# %%
# The feature maps
# ----------------
# One row per digit, one column per layer. Yellow is a large value, dark a small one. From layer to
# layer the maps get smaller; they tell less about where a feature is, and more about which feature
# it is. The 120 units of C5 and the 84 units of F6 are drawn in rows.

shown = [np.flatnonzero(y == digit)[0] for digit in (3, 5, 8)]
FeatureMapsDisplay.from_estimator(clf, X[shown])
plt.show()

# %%
# The saliency maps
# -----------------
# The upper row shows the digits. The lower row shows how far the score of the digit falls if 5x5
# pixels are covered with the background: red parts speak for the predicted class, blue parts
# against it.

SaliencyDisplay.from_estimator(clf, X[shown], method="occlusion")
plt.show()
