"""
Your own handwriting
====================

A net that reads 99 % of MNIST correctly misreads many photos of digits that are only resized. The
digits of MNIST were cut out, scaled and centred in a specific way. `DigitImageReader` does the same
with any picture.
"""

import matplotlib.pyplot as plt
import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from sklearn.datasets import load_digits
from sklearn.pipeline import make_pipeline

from sklearn_lenet import DigitImageReader, LeNet5Classifier, fetch_mnist, read_digits

# %%
# A page
# ------
# This example draws a page in place of a photo: five digits in blue ink, in uneven light. To read
# your own picture, use its path in place of ``page``.

STROKES = [  # the points of the line of each digit, in a square of 100x100
    [(25, 30), (45, 12), (70, 25), (60, 50), (30, 90), (80, 88)],
    [(75, 15), (35, 18), (30, 48), (60, 45), (75, 65), (60, 88), (25, 85)],
    [(62, 12), (35, 45), (30, 75), (50, 90), (68, 75), (60, 58), (34, 66)],
    [(20, 15), (78, 15), (55, 50), (42, 90)],
    [(35, 25), (60, 15), (66, 35), (45, 46), (70, 60), (64, 84), (28, 84)],
]
WRITTEN = [2, 5, 6, 7, 3]


def draw_page(strokes, size=110, gap=14):
    """Return a page with digits in blue ink that is darker towards the right."""
    width = len(strokes) * (size + gap) + gap
    light = np.linspace(245, 170, width)[None, :, None]
    background = np.broadcast_to(light * np.array([1.0, 0.98, 0.92]), (size + 2 * gap, width, 3))
    page = Image.fromarray(background.astype(np.uint8))
    pen = ImageDraw.Draw(page)
    for position, line in enumerate(strokes):
        left = gap + position * (size + gap)
        points = [(left + x * size / 100, gap + y * size / 100) for x, y in line]
        pen.line(points, fill=(40, 60, 150), width=5, joint="curve")
    return page.filter(ImageFilter.GaussianBlur(1.2))


page = draw_page(STROKES)
figure, ax = plt.subplots(figsize=(7, 1.9), layout="constrained")
ax.imshow(page)
ax.set_axis_off()
plt.show()

# %%
# A net
# -----
# The net is trained on slanted, rotated and bent digits, which resemble the handwriting of other
# people. The bundled digits pass through the reader too, so that they have the same form as the
# digits of a photo.

try:
    X, y = fetch_mnist(return_X_y=True, download_if_missing=False)
    X, y = X[:10_000], y[:10_000]
except OSError:
    X, y = load_digits(return_X_y=True)
    X = DigitImageReader().fit_transform(X)
clf = LeNet5Classifier(random_state=0).fit(X, y)

# %%
# One digit, step by step
# -----------------------
# The steps are: the upright picture in colour; the amount of ink in each pixel; the mask of the
# ink; the digit with the stroke width of MNIST; 28x28 pixels with the centre of mass in the middle.

picture = draw_page(STROKES[:1])
(steps,) = DigitImageReader().return_steps([picture])
figure, axes = plt.subplots(1, 5, figsize=(8.4, 2.1), layout="constrained")
for ax, name in zip(axes, steps._fields, strict=True):
    ax.imshow(getattr(steps, name), cmap="gray")
    ax.set_title(name, fontsize=10)
    ax.set_axis_off()
plt.show()

reader = make_pipeline(DigitImageReader(), clf)
print(f"read as {reader.predict([picture])[0]}")

# %%
# The whole page
# --------------
# `read_digits` finds the digits in a line or a block of text. If the confidence is below
# ``min_confidence``, the label is "?".

digits = read_digits(page, clf, min_confidence=0.5)
figure, axes = plt.subplots(1, len(digits), figsize=(7, 2), layout="constrained", squeeze=False)
for ax, digit in zip(axes[0], digits, strict=True):
    ax.imshow(digit.image, cmap="gray")
    ax.set_title(f"{digit.label}  ({digit.confidence:.0%})", fontsize=11)
    ax.set_axis_off()
plt.show()

print("written:", *WRITTEN)
print("read:   ", *(digit.label for digit in digits))
