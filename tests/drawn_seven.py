"""A drawn 7 for the tests of pictures, and how it is read."""

import numpy as np
from PIL import Image, ImageDraw

from sklearn_lenet import DigitImageReader


def seven(size=(120, 160), ink=0, background=255, width=9, mode="L", at=(40, 25)):
    """Return a drawn 7, 60 pixels high."""
    page = Image.new(mode, (size[1], size[0]), background)
    left, top = at
    points = [(left, top), (left + 45, top), (left + 15, top + 60)]
    ImageDraw.Draw(page).line(points, ink, width, joint="curve")
    return page


def read(source):
    """Return the digit of a picture as 28x28 pixels."""
    return DigitImageReader().transform([source])[0].reshape(28, 28)


PLAIN = read(seven())


def same(digit, other=None, tolerance=12):
    """Return whether the mean difference of two digits is below the tolerance, of 255."""
    other = PLAIN if other is None else other
    return np.abs(digit.astype(int) - other).mean() < tolerance
