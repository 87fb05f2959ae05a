"""Disturbances of digits, as a camera or a scanner causes them, each with five strengths."""

import numpy as np
from scipy import ndimage

from .rows import SIDE


def rotation(images, degrees, rng):
    """Rotate each digit, clockwise or anticlockwise at random."""
    sides = rng.choice([-1, 1], len(images))
    rotated = [
        ndimage.rotate(image, side * degrees, reshape=False, order=1)
        for image, side in zip(images, sides, strict=True)
    ]
    return np.stack(rotated)


def shift(images, pixels, rng):
    """Move each digit in one of eight directions at random; pixels outside the image are lost."""
    directions = np.array([(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1) if (a, b) != (0, 0)])
    chosen = pixels * directions[rng.integers(len(directions), size=len(images))]
    return np.stack(
        [ndimage.shift(image, by, order=0) for image, by in zip(images, chosen, strict=True)]
    )


def blur(images, sigma, rng):  # noqa: ARG001 - all disturbances have the same arguments
    """Blur with a Gaussian filter of this standard deviation in pixels."""
    return ndimage.gaussian_filter(images, (0, sigma, sigma))


def noise(images, deviation, rng):
    """Add Gaussian noise; ``deviation`` 1 is the whole range of grey values."""
    return images + rng.normal(0, 255 * deviation, images.shape)


def inversion(images, share, rng):  # noqa: ARG001 - all disturbances have the same arguments
    """Blend each image with its inverse; ``share`` 1 is black digits on white."""
    return (1 - share) * images + share * (255 - images)


DISTURBANCES = {
    "rotation": (rotation, [10, 20, 30, 45, 60], "degrees"),
    "shift": (shift, [1, 2, 3, 4, 6], "pixels"),
    "blur": (blur, [0.5, 1, 1.5, 2, 3], "sigma in pixels"),
    "noise": (noise, [0.1, 0.2, 0.3, 0.5, 0.8], "standard deviation, share of the range"),
    "inversion": (
        inversion,
        [0.1, 0.2, 0.3, 0.45, 1.0],
        "share of the inverse, 1 is black on white",
    ),
}


def disturbed(X, name, strength, seed=0):
    """Return the same digits with a disturbance, as uint8 rows.

    >>> row = np.zeros((1, 784), dtype=np.uint8)
    >>> int(disturbed(row, "inversion", 1.0).min())
    255
    """
    change = DISTURBANCES[name][0]
    images = X.reshape(-1, SIDE, SIDE).astype(np.float32)
    changed = change(images, strength, np.random.default_rng(seed))
    return np.clip(np.rint(changed), 0, 255).astype(np.uint8).reshape(len(X), -1)
