"""Draw the picture of the front page and of the README: numbers, and how they are read.

``python docs/front_picture.py`` writes ``docs/_static/read.png``. The digits are drawn from the
strokes of this package, so that the picture contains nothing of MNIST.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from sklearn_lenet import load_pretrained, make_digit_lines
from sklearn_lenet.datasets._drawn_digits import drawn_digits

PICTURE = Path(__file__).resolve().parent / "_static" / "read.png"
RIGHT, WRONG = "#0072B2", "#D55E00"
ROWS, COLUMNS = 2, 4

SEED = 0
"""The first seed whose numbers are read about as well as other synthetic lines: six of eight."""


def main():
    """Read synthetic numbers, the first ones, and draw a box around each digit."""
    digits = drawn_digits(np.array(list("0123456789") * 60), np.random.RandomState(SEED))
    pictures, texts = make_digit_lines(ROWS * COLUMNS, digits, n_digits=(3, 5), random_state=SEED)
    figure, axes = plt.subplots(ROWS, COLUMNS, figsize=(9, 2.9), layout="constrained")
    readings = load_pretrained("strings").read(pictures)
    for ax, picture, text, reading in zip(axes.flat, pictures, texts, readings, strict=True):
        ax.imshow(picture, cmap="gray", vmin=0, vmax=255)
        for digit in reading.digits:
            left, top, right, bottom = digit.box
            box = plt.Rectangle((left, top), right - left, bottom - top, fill=False, color=RIGHT)
            ax.add_patch(box)
        colour = RIGHT if reading.text == text else WRONG
        ax.set_title(f"{reading.text}  {reading.confidence:.0%}", color=colour, fontsize=13)
        ax.set_axis_off()
    PICTURE.parent.mkdir(exist_ok=True)
    figure.savefig(PICTURE, dpi=110, facecolor="white")


if __name__ == "__main__":
    main()
