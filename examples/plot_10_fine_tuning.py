"""
Your own digits
===============

A pretrained model reads digits at once. If your digits look different from those that it has
seen, it goes on learning from a few of yours. Here they are postcodes on envelopes with a printed
stencil: the writer draws each digit along its lines. MNIST has no such digits.
"""

import matplotlib.pyplot as plt
import numpy as np
from PIL import Image, ImageDraw

from sklearn_lenet import DigitImageReader, LeNet5Classifier, load_pretrained

# %%
# Digits along a stencil
# ----------------------
# The stencil has six corners. A digit is one stroke or two from corner to corner. The pictures are
# drawn, with an unsteady hand, and brought to MNIST's form.

CORNERS = {"a": (0, 0), "b": (1, 0), "c": (0, 1), "d": (1, 1), "e": (0, 2), "f": (1, 2)}
STROKES = ["abdfeca", "cbf", "abdef", "abcde", "acd bf", "bacdfe", "bcefdc", "abce", "abfea cd"]
STROKES += ["dcabde"]


def written(digit, rng):
    """Return a picture of a digit."""
    pen, slant = int(rng.integers(5, 9)), rng.uniform(-0.1, 0.25)
    size = rng.uniform([28, 30], 40)
    hand = {corner: np.array(at) + rng.normal(0, 0.14, 2) for corner, at in CORNERS.items()}
    page = Image.new("L", (130, 130), 255)
    draw = ImageDraw.Draw(page)
    for stroke in STROKES[digit].split():
        points = np.array([hand[corner] + rng.normal(0, 0.07, 2) for corner in stroke])
        points[:, 0] += slant * (2 - points[:, 1])
        points = points * size + [40, 25]
        draw.line([tuple(point) for point in points], fill=40, width=pen, joint="curve")
        for x, y in points:
            draw.ellipse((x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2), fill=40)
    return page


rng = np.random.default_rng(1)
y = np.tile(np.arange(10), 105)
X = DigitImageReader().transform([written(digit, rng) for digit in y])
X_few, X_test, y_few, y_test = X[:50], X[50:], y[:50], y[50:]

figure, axes = plt.subplots(2, 10, figsize=(6.4, 1.6), layout="constrained")
for ax, row in zip(axes.flat, X_few, strict=False):
    ax.imshow(row.reshape(28, 28), cmap="gray_r")
    ax.set_axis_off()
plt.show()

# %%
# Fifty labelled digits
# ---------------------
# ``warm_start=True`` continues with the weights of the model. Another net learns from the same
# fifty digits alone.

clf = load_pretrained("digits")
before = clf.predict(X_test)
clf.set_params(warm_start=True, lr=0.003, max_epochs=30, batch_size=10, random_state=0)
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
ax.set(xlim=(0, 108), xlabel="accuracy on 1,000 other digits, %")
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
