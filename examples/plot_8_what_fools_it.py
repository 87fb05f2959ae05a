"""
What fools the net
==================

Rotated digits, noise, and images that are not digits. A classifier returns a class for every image.
A low confidence and a high novelty score indicate which predictions not to trust.
"""

import matplotlib.pyplot as plt
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from sklearn_lenet import DigitImageReader, LeNet5Classifier, ReliabilityDisplay, fetch_mnist

try:
    X, y = fetch_mnist(return_X_y=True, download_if_missing=False)
    X, y = X[:6000], y[:6000]
except OSError:
    X, y = load_digits(return_X_y=True)
    X = DigitImageReader().fit_transform(X)  # 28x28 pixels, in the form of MNIST
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0, stratify=y)
net = LeNet5Classifier(max_epochs=12, random_state=0).fit(X_train, y_train)
plain = LeNet5Classifier(augment=None, max_epochs=12, random_state=0).fit(X_train, y_train)
nets = {"the default": (net, "o-", "#0072B2"), "augment=None": (plain, "s--", "#D55E00")}

# %%
# Rotation and noise
# ------------------
# By default, the net is trained on slanted, rotated and bent digits. This helps with such digits,
# and does not help with noise.

images = X_test[:400].reshape(-1, 28, 28).astype(float)
rng = np.random.default_rng(0)
noise = rng.normal(size=images.shape)
angles, strengths = [0, 10, 20, 30, 45, 60, 90], [0, 20, 40, 60, 80, 100]


def rotated(angle):
    """Return the digits rotated by this angle, in degrees."""
    return ndimage.rotate(images, angle, axes=(1, 2), reshape=False, order=1).clip(0, 255)


def noisy(strength):
    """Return the digits with Gaussian noise of this standard deviation."""
    return (images + strength * noise).clip(0, 255)


figure, axes = plt.subplots(1, 2, figsize=(8.4, 3.2), layout="constrained", sharey=True)
changes = [
    (rotated, angles, "rotation, degrees"),
    (noisy, strengths, "standard deviation of the noise (pixels are 0 to 255)"),
]
for ax, (change, amounts, label) in zip(axes, changes, strict=True):
    for name, (one, style, colour) in nets.items():
        accuracies = [(one.predict(change(amount)) == y_test[:400]).mean() for amount in amounts]
        ax.plot(amounts, 100 * np.array(accuracies), style, color=colour, label=name)
    ax.set(xlabel=label, ylim=(0, 102))
    ax.grid(alpha=0.3)
axes[0].set_ylabel("accuracy, %")
axes[0].legend(frameon=False)
plt.show()

# %%
# A 6 rotated by 180 degrees looks like a 9, and the net is right to read it as a 9:

six = images[y_test[:400] == 6][:1]
half_turn = [0, 30, 60, 90, 120, 150, 180]
pictures = [
    ndimage.rotate(six, a, axes=(1, 2), reshape=False, order=1).clip(0, 255) for a in half_turn
]
probabilities = net.predict_proba(np.concatenate(pictures))
figure, axes = plt.subplots(1, len(half_turn), figsize=(8.4, 1.9), layout="constrained")
for ax, picture, p, angle in zip(axes, pictures, probabilities, half_turn, strict=True):
    ax.imshow(picture[0], cmap="gray")
    ax.set_title(f"{angle}°: {p.argmax()}\n{p.max():.0%}", fontsize=10)
    ax.set_axis_off()
plt.show()

# %%
# Letters
# -------
# The net has no class for letters, so it takes each of them for the digit that it resembles most.
# ``novelty_score`` measures how much an image differs from the training digits. An exclamation mark
# shows the letters whose score is above ``novelty_threshold_``.

LETTERS = "AEHKMPTX"


def letter_row(letter):
    """Return a printed letter in the form of MNIST."""
    page = Image.new("L", (90, 90), 255)
    ImageDraw.Draw(page).text((45, 45), letter, 0, font=ImageFont.load_default(60), anchor="mm")
    return DigitImageReader().transform([page])[0]


rows = np.stack([letter_row(letter) for letter in LETTERS])
probabilities, strange = net.predict_proba(rows), net.novelty_score(rows) > net.novelty_threshold_
figure, axes = plt.subplots(1, len(LETTERS), figsize=(8.4, 1.8), layout="constrained")
for ax, row, p, is_strange in zip(axes, rows, probabilities, strange, strict=True):
    ax.imshow(row.reshape(28, 28), cmap="gray")
    ax.set_title(f"{p.argmax()}{'!' if is_strange else ''}  ({p.max():.0%})", fontsize=10)
    ax.set_axis_off()
plt.show()

# %%
# Does the confidence match the accuracy?
# ---------------------------------------
# On digits like those in the training set it does, because ``fit`` calibrates the probabilities.
# This says nothing about letters.

ReliabilityDisplay.from_estimator(net, X_test, y_test)
plt.show()
