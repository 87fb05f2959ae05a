"""
LeNet-5 against a dense net, an SVM and a forest
================================================

Four classifiers on the same rows: their error, and how long they take. This example runs in a
minute. The benchmarks compare more models, with tuned settings, on all of MNIST.
"""

import time

import matplotlib.pyplot as plt
import pandas as pd
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler
from sklearn.svm import SVC

from sklearn_lenet import DenseDigitClassifier, LeNet5Classifier, fetch_mnist

try:
    X, y = fetch_mnist(return_X_y=True, download_if_missing=False)
    X, y = X[:6000], y[:6000]
except OSError:
    X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0, stratify=y)

# %%
# Four classifiers with one interface
# -----------------------------------

models = {
    "LeNet-5": LeNet5Classifier(random_state=0),
    "dense net": DenseDigitClassifier(random_state=0),
    "SVM": make_pipeline(MinMaxScaler(), SVC(C=10)),
    "random forest": RandomForestClassifier(500, n_jobs=-1, random_state=0),
}
rows = {}
for name, model in models.items():
    start = time.perf_counter()
    model.fit(X_train, y_train)
    fitted = time.perf_counter()
    error = (model.predict(X_test) != y_test).mean()
    rows[name] = {
        "error, %": 100 * error,
        "fit, s": fitted - start,
        "predict, s": time.perf_counter() - fitted,
    }
table = pd.DataFrame(rows).T
table.round(2)

# %%
# Error and time
# --------------
# LeNet-5 trains on distorted digits. With few rows the SVM takes less time to fit. The time of an
# SVM grows with the square of the number of rows. The time of `LeNet5Classifier` grows little,
# because it trains for fewer epochs if there are more rows.

figure, axes = plt.subplots(1, 2, figsize=(8.4, 3.2), layout="constrained", sharey=True)
positions = range(len(table))
for ax, column in zip(axes, ["error, %", "fit, s"], strict=True):
    bars = ax.barh(positions, table[column], color=["#0072B2", "#56B4E9", "#E69F00", "#999999"])
    ax.bar_label(bars, fmt="%.2f", padding=3)
    ax.set(xlabel=column, yticks=list(positions), yticklabels=table.index)
    ax.margins(x=0.15)
    ax.spines[["top", "right"]].set_visible(False)
axes[0].invert_yaxis()
figure.suptitle(f"{len(X_train):,} training rows")
plt.show()
