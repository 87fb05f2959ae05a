"""
Your own digits
===============

A pretrained model reads digits at once. If your digits look different from those that it has
seen, it goes on learning from a few of yours. Here they are scikit-learn's digits: real
handwriting, but of 8x8 pixels, which is far coarser than MNIST.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from sklearn_lenet import DigitImageReader, LeNet5Classifier, load_pretrained

X, y = load_digits(return_X_y=True)
X = DigitImageReader().transform(X)  # in MNIST's form
X_few, X_test, y_few, y_test = train_test_split(X, y, train_size=50, stratify=y, random_state=0)

# %%
# Fifty labelled digits
# ---------------------
# ``warm_start=True`` continues with the weights of the model. The learning rate is low, so that the
# net keeps what it has learned. Another net learns from the same fifty digits alone.

clf = load_pretrained("digits")
before = clf.predict(X_test)
clf.set_params(warm_start=True, lr=0.001, max_epochs=30, batch_size=10, random_state=0)
after = clf.fit(X_few, y_few).predict(X_test)
alone = LeNet5Classifier(random_state=0, max_epochs=100).fit(X_few, y_few).predict(X_test)

accuracies = {
    "pretrained": np.mean(before == y_test),
    "50 digits alone": np.mean(alone == y_test),
    "pretrained, then 50 digits": np.mean(after == y_test),
}
for name, accuracy in accuracies.items():
    print(f"{name}: {accuracy:.1%}")

figure, ax = plt.subplots(figsize=(6.4, 1.9), layout="constrained")
bars = ax.barh(list(accuracies), [100 * value for value in accuracies.values()], color="#0072B2")
ax.bar_label(bars, fmt="%.1f", padding=3)
ax.set(xlim=(0, 108), xlabel="accuracy on 1,747 other digits, %")
ax.invert_yaxis()
plt.show()

# %%
# What it has learned
# -------------------
# Digits that the model read wrong before and reads right now. "-1" means "no digit".

chosen = np.flatnonzero((before != y_test) & (after == y_test))[:12]
figure, axes = plt.subplots(2, 6, figsize=(6.4, 2.8), layout="constrained")
for ax, k in zip(axes.flat, chosen, strict=True):
    ax.imshow(X_test[k].reshape(28, 28), cmap="gray_r")
    ax.set_title(f"{before[k]} → {after[k]}", fontsize=9)
    ax.set_axis_off()
plt.show()

# %%
# Other labels
# ------------
# A net for other labels starts from the same layers, except for the last one.

names = np.array(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"])
clf = LeNet5Classifier(init="digits", lr=0.003, max_epochs=100, random_state=0)
clf.fit(X_few, names[y_few])
print(f"with words as labels: {clf.score(X_test, names[y_test]):.1%}")
