"""
What fools it
=============

Turned digits, noise, and things that are no digits at all. A net answers whatever it is asked;
its confidence says when not to believe it, and only up to a point.
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
    X = DigitImageReader().fit_transform(X)  # 28x28, as MNIST has them
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0, stratify=y)
plain = LeNet5Classifier(random_state=0).fit(X_train, y_train)
affine = LeNet5Classifier(augment="affine", random_state=0).fit(X_train, y_train)
nets = {"plain": (plain, "o-", "#0072B2"), 'augment="affine"': (affine, "s--", "#D55E00")}

# %%
# Turned, and noisy
# -----------------
# Slants and turns in training help against slants and turns, and not against noise.

images = X_test[:400].reshape(-1, 28, 28).astype(float)
rng = np.random.default_rng(0)
noise = rng.normal(size=images.shape)
angles, strengths = [0, 10, 20, 30, 45, 60, 90], [0, 20, 40, 60, 80, 100]


def turned(angle):
    """Return the digits turned by so many degrees."""
    return ndimage.rotate(images, angle, axes=(1, 2), reshape=False, order=1).clip(0, 255)


def noisy(strength):
    """Return the digits under noise of that deviation, of 255."""
    return (images + strength * noise).clip(0, 255)


figure, axes = plt.subplots(1, 2, figsize=(8.4, 3.2), layout="constrained", sharey=True)
changes = [(turned, angles, "turned by, degrees"), (noisy, strengths, "noise, deviation of 255")]
for ax, (change, amounts, label) in zip(axes, changes, strict=True):
    for name, (net, style, colour) in nets.items():
        right = [(net.predict(change(amount)) == y_test[:400]).mean() for amount in amounts]
        ax.plot(amounts, 100 * np.array(right), style, color=colour, label=name)
    ax.set(xlabel=label, ylim=(0, 102))
    ax.grid(alpha=0.3)
axes[0].set_ylabel("accuracy, %")
axes[0].legend(frameon=False)
plt.show()

# %%
# A 6 turned upside down is a 9, and by its own lights the net is right:

row = images[y_test[:400] == 6][:1]
whole_turn = [0, 30, 60, 90, 120, 150, 180]
pictures = [
    ndimage.rotate(row, a, axes=(1, 2), reshape=False, order=1).clip(0, 255) for a in whole_turn
]
shares = plain.predict_proba(np.concatenate(pictures))
figure, axes = plt.subplots(1, len(whole_turn), figsize=(8.4, 1.9), layout="constrained")
for ax, picture, share, angle in zip(axes, pictures, shares, whole_turn, strict=True):
    ax.imshow(picture[0], cmap="gray")
    ax.set_title(f"{angle}°: {share.argmax()}\n{share.max():.0%}", fontsize=10)
    ax.set_axis_off()
plt.show()

# %%
# Letters
# -------
# There is no class for them, so each becomes the digit that it resembles most.

LETTERS = "AEHKMPTX"


def letter(one):
    """Return a printed letter as MNIST would have it."""
    page = Image.new("L", (90, 90), 255)
    ImageDraw.Draw(page).text((45, 45), one, 0, font=ImageFont.load_default(60), anchor="mm")
    return DigitImageReader().transform([page])[0]


rows = np.stack([letter(one) for one in LETTERS])
shares = plain.predict_proba(rows)
figure, axes = plt.subplots(1, len(LETTERS), figsize=(8.4, 1.8), layout="constrained")
for ax, row, share in zip(axes, rows, shares, strict=True):
    ax.imshow(row.reshape(28, 28), cmap="gray")
    ax.set_title(f"{share.argmax()}  ({share.max():.0%})", fontsize=10)
    ax.set_axis_off()
plt.show()

# %%
# Is it right as often as it says?
# --------------------------------
# On digits like those that it learned from, yes, or it is too modest. That says nothing about
# letters.

ReliabilityDisplay.from_estimator(plain, X_test, y_test)
plt.show()
