"""From a picture to a map of ink: 0 is background and 1 is ink, whatever the colours were."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ._open_picture import Picture

Ink = NDArray[np.float32]
"""A map of 0, paper, to 1, ink."""

Mask = NDArray[np.bool_]

DARKEST = 0.25
"""Darker paper counts as this dark, lest its noise be taken for ink."""

CLEAR = 9
"""How many times more must lie on one side of the border's grey to say where ink is."""


def is_light_on_dark(plane: NDArray[np.float32]) -> bool:
    """Return whether the ink of one colour's plane is lighter than its paper.

    Ink leaves most of the border free, so the border's median is paper, and ink is on the side
    where more of the picture lies. Where uneven light blurs that, strokes tell: they are what
    stands out from its near surroundings.
    """
    rim = np.concatenate([plane[0], plane[-1], plane[:, 0], plane[:, -1]])
    away = plane - np.median(rim)
    lighter = float((np.clip(away, 0, None) ** 2).sum())
    darker = float((np.clip(away, None, 0) ** 2).sum())
    if max(lighter, darker) > CLEAR * min(lighter, darker):
        return lighter > darker
    details = plane - ndimage.gaussian_filter(plane, max(plane.shape) / 10, mode="nearest")
    return float((details.astype(np.float64) ** 3).sum()) > 0


def paper_of(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the light paper under dark ink: the plane without what is thinner than a third of it.

    Its unevenness, a shadow or a gradient, is wider than any stroke: a closing takes the strokes
    out, a blur the steps that it leaves.
    """
    height, width = plane.shape
    shrink = max(1, math.ceil(max(height, width) / 96))
    small = _shrunk(plane, shrink)
    reach = max(3, round(max(small.shape) / 3)) | 1
    closed = ndimage.grey_closing(small, size=(reach, reach), mode="nearest")
    closed = ndimage.gaussian_filter(closed, reach / 6, mode="nearest")
    rows = np.clip((np.arange(height) + 0.5) / shrink - 0.5, 0, closed.shape[0] - 1)
    columns = np.clip((np.arange(width) + 0.5) / shrink - 0.5, 0, closed.shape[1] - 1)
    at = np.meshgrid(rows, columns, indexing="ij")
    paper: NDArray[np.float32] = ndimage.map_coordinates(closed, at, order=1)
    return paper


def ink_of(picture: Picture) -> Ink:
    """Return how much ink is on each pixel, of any colour on paper of any colour and evenness.

    >>> page = np.ones((30, 30, 3), dtype=np.float32)
    >>> page[5:25, 14:17] = (0.9, 0.9, 0.1)  # yellow, hardly darker than white
    >>> ink = ink_of(page)
    >>> bool(ink[15, 15] > 0.8), bool(ink[15, 3] < 0.1)
    (True, True)
    """
    planes = [picture[:, :, 0]] if is_grey(picture) else list(np.moveaxis(picture, 2, 0))
    covered = []
    for plane in planes:
        plane = 1 - plane if is_light_on_dark(plane) else plane
        paper = paper_of(plane)
        covered.append(np.clip((paper - plane) / np.maximum(paper, DARKEST), 0, 1))
    ink: Ink = np.max(covered, axis=0)
    return ink


def is_grey(picture: Picture) -> bool:
    return bool((picture[:, :, :1] == picture[:, :, 1:]).all())


def _shrunk(plane: NDArray[np.float32], factor: int) -> NDArray[np.float32]:
    """Return block means; what does not fill a block at the edge repeats its last pixels."""
    height, width = plane.shape
    padded = np.pad(plane, ((0, -height % factor), (0, -width % factor)), mode="edge")
    blocks = padded.reshape(len(padded) // factor, factor, -1, factor)
    means: NDArray[np.float32] = blocks.mean(axis=(1, 3))
    return means
