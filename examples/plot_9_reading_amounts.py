"""
Reading amounts
===============

A number on a cheque cannot be cut into digits: they touch, lean, and stand on patterned paper.
`DigitStringReader` reads the whole line. The model "strings" of the package is such a reader. It
was trained on 40,000 synthetic lines. Here it reads other lines, and then learns from some of them.
"""

from itertools import groupby

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits

from sklearn_lenet import DigitImageReader, load_pretrained, make_digit_lines

X, y = load_digits(return_X_y=True)
digits = DigitImageReader().fit_transform(X), y.astype(str)
pictures, texts = make_digit_lines(500, digits, n_digits=(2, 5), random_state=0)
X_train, y_train, X_test, y_test = pictures[:400], texts[:400], pictures[400:], texts[400:]

# %%
# Lines, and what is read
# -----------------------
# The boxes are found by the reader. No place of a digit was given in training. An orange title is a
# mistake: the digits of scikit-learn have 8x8 pixels only, and some of the lines are hard to read.

reader = load_pretrained("strings")
readings = reader.read(X_test[:12])
figure, axes = plt.subplots(4, 3, figsize=(8.4, 6), layout="constrained")
for ax, picture, text, reading in zip(axes.flat, X_test, y_test, readings, strict=False):
    ax.imshow(picture, cmap="gray", vmin=0, vmax=255)
    for digit in reading.digits:
        left, top, right, bottom = digit.box
        ax.add_patch(
            plt.Rectangle((left, top), right - left, bottom - top, fill=False, color="#0072B2")
        )
    colour = "black" if reading.text == text else "#D55E00"
    ax.set_title(f"{text}: {reading.text} ({reading.confidence:.0%})", fontsize=9, color=colour)
    ax.set_axis_off()
plt.show()

# %%
# The activations along the line
# ------------------------------
# The net sees a strip of ink. In every second column it returns a probability for each character,
# and for the blank, "no character here". A digit appears as a peak; blanks part the peaks.

best = max(range(12), key=lambda k: (len(readings[k].text), readings[k].confidence))
(strip,) = reader.return_strips([X_test[best]])
(probabilities,) = reader.column_probabilities([X_test[best]])
figure, axes = plt.subplots(
    3, 1, figsize=(8.4, 6), layout="constrained", sharex=True, height_ratios=(1, 1, 2)
)
axes[0].imshow(strip, cmap="gray_r", aspect="auto", extent=(0, strip.shape[1], 32, 0))
axes[0].set_title("the strip of ink")
places = 2 * np.arange(len(probabilities)) + 1
axes[1].plot(places, probabilities[:, 1:])
axes[1].plot(places, probabilities[:, 0], color="0.7", zorder=0)
column = 0
for code, run in groupby(probabilities.argmax(axis=1)):
    columns = len(list(run))
    if code > 0:
        axes[1].text(2 * column + columns, 1.05, reader.alphabet_[code - 1], ha="center")
    column += columns
axes[1].set(title="the probabilities; grey: the blank", ylim=(0, 1.3))
axes[2].imshow(
    probabilities[:, 1:].T, cmap="Blues", aspect="auto", vmin=0, vmax=1,
    extent=(0, 2 * len(probabilities), len(reader.alphabet_) - 0.5, -0.5),
)  # fmt: skip
axes[2].set(xlabel="column of the strip", ylabel="digit")
axes[2].set_yticks(range(len(reader.alphabet_)), reader.alphabet_)
plt.show()

# %%
# If you know how many digits there are
# -------------------------------------
# A pattern leaves only the texts that match it. The confidence is the probability among these.

for pattern in (None, 4, r"[1-9]\d*", r"\d{2,5}"):
    (reading,) = reader.set_params(pattern=pattern).read([X_test[best]])
    print(f"pattern={pattern!r}: {reading.text} with {reading.confidence:.1%}")
reader.set_params(pattern=None)

# %%
# Lines of your own
# -----------------
# With ``warm_start=True``, ``fit`` continues with the weights of the model. Here it learns from 400
# lines. The score is the share of lines that are read without a mistake, on 100 other lines.

print(f"before: {reader.score(X_test, y_test):.0%}")
reader.set_params(warm_start=True, lr=0.002, max_epochs=3, batch_size=16, random_state=0)
reader.fit(X_train, y_train)
print(f"after:  {reader.score(X_test, y_test):.0%}")
