"""
LeNet-5's features in an SVM
============================

An SVM is more accurate on the features of LeNet-5 than on pixels. `LayerFeatures` is a transformer,
so that cross-validation trains the net only on the training rows of each fold.
"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.model_selection import cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.svm import SVC

from sklearn_lenet import LayerFeatures, LeNet5Classifier, activations, fetch_mnist

try:
    X, y = fetch_mnist(return_X_y=True, download_if_missing=False)
    X, y = X[:3000], y[:3000]
except OSError:
    X, y = load_digits(return_X_y=True)

# %%
# Three classifiers
# -----------------

net = LeNet5Classifier(max_epochs=15, random_state=0)
models = {
    "SVM on pixels": make_pipeline(MinMaxScaler(), SVC(C=10)),
    "LeNet-5": net,
    "SVM on LeNet-5's C5": make_pipeline(
        LayerFeatures(net, layer="C5"), StandardScaler(), SVC(C=10)
    ),
}
scores = {name: cross_val_score(model, X, y, cv=3) for name, model in models.items()}
table = pd.DataFrame(
    {
        name: {"mean, %": 100 * s.mean(), "deviation": 100 * s.std(ddof=1)}
        for name, s in scores.items()
    }
).T
table.round(2)

# %%
# How the layers separate the digits
# ----------------------------------
# The panels show the first two principal components of test digits: of their pixels, and of the
# outputs of three layers. The digits are better separated in each later layer.

X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=0, stratify=y)
clf = net.fit(X_train, y_train)
figure, axes = plt.subplots(1, 4, figsize=(11, 3.2), layout="constrained")
for ax, layer in zip(axes, ["input", "S2", "S4", "F6"], strict=True):
    values = activations(clf, X_test, layer).reshape(len(X_test), -1)
    points = PCA(2, random_state=0).fit_transform(values)
    ax.scatter(*points.T, c=y_test, cmap="tab10", s=4, alpha=0.5)
    for digit in range(10):
        median = np.median(points[y_test == digit], axis=0)
        ax.text(*median, str(digit), fontsize=13, fontweight="bold", ha="center", va="center")
    ax.set(title=layer, xticks=[], yticks=[])
plt.show()
