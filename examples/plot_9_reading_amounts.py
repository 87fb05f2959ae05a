"""
Reading amounts
===============

A number on a cheque cannot be cut into digits: they touch, lean, and stand on patterned paper.
`DigitStringReader` reads the whole line. Here it learns two digits from few synthetic lines, in
less than a minute. ``DigitStringReader().fit()`` learns all ten digits from 40,000 lines.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits

from sklearn_lenet import DigitImageReader, DigitStringReader, make_digit_lines

ALPHABET = "05"
X, y = load_digits(return_X_y=True)
chosen = np.isin(y, [int(label) for label in ALPHABET])
digits = DigitImageReader().fit_transform(X[chosen]), y[chosen].astype(str)

pictures, texts = make_digit_lines(1400, digits, n_digits=(2, 3), random_state=0)
reader = DigitStringReader(alphabet=ALPHABET, max_epochs=10, batch_size=8, lr=0.006, random_state=0)
reader.fit(pictures[:1300], texts[:1300])
print(
    f"{reader.score(pictures[1300:], texts[1300:]):.0%} of 100 new lines are read without mistake"
)

# %%
# Lines, and what is read
# -----------------------
# The boxes are found by the reader. No place of a digit was given in training.

readings = reader.read(pictures[1300:1312])
figure, axes = plt.subplots(4, 3, figsize=(8.4, 6), layout="constrained")
for ax, picture, text, reading in zip(
    axes.flat, pictures[1300:], texts[1300:], readings, strict=False
):
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
(strip,) = reader.return_strips([pictures[1300 + best]])
(probabilities,) = reader.column_probabilities([pictures[1300 + best]])
figure, axes = plt.subplots(
    3, 1, figsize=(8.4, 5), layout="constrained", sharex=True, height_ratios=(1, 1, 2)
)
axes[0].imshow(strip, cmap="gray_r", aspect="auto", extent=(0, strip.shape[1], 32, 0))
axes[0].set_title("the strip of ink")
places = 2 * np.arange(len(probabilities)) + 1
for label, column in zip(ALPHABET, probabilities[:, 1:].T, strict=True):
    axes[1].plot(places, column)
    peak = column.argmax()
    if column[peak] > 0.3:
        axes[1].annotate(label, (places[peak], column[peak]), ha="center", va="bottom")
axes[1].plot(places, probabilities[:, 0], color="0.7", zorder=0)
axes[1].set(title="the probabilities; grey: the blank", ylim=(0, 1.25))
axes[2].imshow(
    probabilities[:, 1:].T, cmap="Blues", aspect="auto", vmin=0, vmax=1,
    extent=(0, 2 * len(probabilities), len(ALPHABET) - 0.5, -0.5),
)  # fmt: skip
axes[2].set(xlabel="column of the strip", ylabel="digit")
axes[2].set_yticks(range(len(ALPHABET)), ALPHABET)
plt.show()

# %%
# If you know how many digits there are
# -------------------------------------
# A pattern leaves only the texts that match it. The confidence is the probability among these.

for pattern in (None, 3, "5+", r"\d{2}0"):
    (reading,) = reader.set_params(pattern=pattern).read([pictures[1300 + best]])
    print(f"pattern={pattern!r}: {reading.text} with {reading.confidence:.1%}")
