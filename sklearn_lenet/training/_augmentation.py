"""Augmentations: random, seeded distortions of a batch of images.

Each takes float images of shape (n, 1, h, w) on any device and draws its random numbers from
one generator. Pixels from outside an image have the value of the nearest edge pixel.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from functools import lru_cache, partial

import torch
from torch import Tensor
from torch.nn import functional as F

from ..nets import BatchShare
from ..utils import are_images

_global_state_lock = threading.Lock()

Draw = Callable[..., Tensor]
"""``draw(*shape)`` returns uniform numbers from -1 to 1 on the device of the images."""

SHIFT = 2 / 28
"""The largest shift of `shift` in each direction, as a share of the side: 2 pixels of 28."""

# The sizes of `affine` and `elastic` were chosen on held-out training digits of MNIST. These digits
# are centred, so large shifts do not help.

ROTATION = 0.17
"""The largest rotation of `affine` in either direction, in radians."""

SHEAR = 0.15
"""The largest shear of `affine`, in pixels to the side per pixel of height."""

STRETCH = 0.12
"""The largest change of the width and of the height by `affine`, as a share of them."""

AFFINE_SHIFT = 1 / 28
"""The largest shift of `affine` in each direction, as a share of the side."""

DISPLACEMENT = 0.05
"""How far `elastic` shifts pixels at most, as a share of the side."""

FEW_ROWS, MANY_ROWS = (1_000, DISPLACEMENT), (60_000, 0.035)
"""Two numbers of training rows, and how far `elastic` shifts their pixels."""

CONTROL_SPACING = 0.2
"""The distance between the control points of `elastic`, as a share of the side."""


def shift(images: Tensor, draw: Draw, share: BatchShare | None = None) -> Tensor:
    """Move each image by up to 2 pixels of 28; fractions of a pixel are interpolated."""
    share = share or _whole_batch(images)
    height, width = images.shape[2:]
    plain = _places(height, width, images)[:2].t().view(height, width, 2)
    return _resample(images, plain + 2 * SHIFT * draw(share.n, 1, 1, 2)[share.places])


def displacement_for(n_rows: int) -> float:
    """Return how far `elastic` shifts the pixels of training rows: less if there are many.

    >>> [round(displacement_for(n), 4) for n in (100, 1000, 10_000, 60_000)]
    [0.05, 0.05, 0.0416, 0.035]
    """
    (few, largest), (many, smaller) = FEW_ROWS, MANY_ROWS
    place = math.log(n_rows / few) / math.log(many / few)  # 0 for few rows, 1 for many
    return min(max(largest + place * (smaller - largest), smaller), largest)


def affine(images: Tensor, draw: Draw, share: BatchShare | None = None) -> Tensor:
    """Rotate, shear, stretch and shift each image."""
    share = share or _whole_batch(images)
    return _resample(images, _grid(images, _affine_coefficients(share.n, draw), share))


def elastic(
    images: Tensor,
    draw: Draw,
    share: BatchShare | None = None,
    displacement: float = DISPLACEMENT,
) -> Tensor:
    """Distort each image smoothly, in addition to `affine`."""
    share = share or _whole_batch(images)
    n_points = len(_control_points(images)) ** 2
    displacements = draw(2 * share.n, n_points) * (2 * displacement)
    coefficients = torch.cat([_affine_coefficients(share.n, draw), displacements], dim=1)
    return _resample(images, _grid(images, coefficients, share))


AUGMENTATIONS = {"shift": shift, "affine": affine, "elastic": elastic}
"""The function for each name that the parameter ``augment`` takes."""

AUTO = "auto"
"""The value of ``augment`` for "elastic" where the rows are images, else None."""

Augmentation = str | Callable[[Tensor], Tensor] | None
"""A value of the parameter ``augment``."""


def augmentation_for(augment: Augmentation, shape: tuple[int, int], n_pixels: int) -> Augmentation:
    """Return a value of ``augment`` without "auto", for images of this shape.

    >>> augmentation_for("auto", (8, 8), 64), augmentation_for("auto", (28, 7), 196)
    ('elastic', None)
    """
    if not (isinstance(augment, str) and augment == AUTO):
        return augment
    return "elastic" if are_images(shape, n_pixels) else None


def _whole_batch(images: Tensor) -> BatchShare:
    return BatchShare(len(images), torch.arange(len(images), device=images.device))


def _affine_coefficients(n: int, draw: Draw) -> Tensor:
    """Return two rows for each of n images: how x and y of a source depend on x, y and 1."""
    angle, shear, wide, high, across, down = draw(6, n).unbind()
    angle, shear = angle * ROTATION, shear * SHEAR
    wide, high = 1 + wide * STRETCH, 1 + high * STRETCH
    # Coordinates run from -1 to 1.
    across, down = across * (2 * AFFINE_SHIFT), down * (2 * AFFINE_SHIFT)
    cosine, sine, sheared = angle.cos(), angle.sin(), shear * wide
    # The source of each pixel: sheared and stretched, then rotated, then shifted.
    x = wide * cosine, sheared * cosine - high * sine, across
    y = wide * sine, sheared * sine + high * cosine, down
    return torch.stack([*x, *y], dim=1).view(2 * n, 3)


def _grid(images: Tensor, coefficients: Tensor, share: BatchShare) -> Tensor:
    """Return the source of each pixel: a sum of `_basis`, weighted by the coefficients."""
    height, width = images.shape[2:]
    n_coefficients = coefficients.shape[1]
    basis = _basis(height, width, images.dtype, images.device)[:n_coefficients]
    own = coefficients.view(share.n, 2, n_coefficients)[share.places]
    coefficients = own.view(-1, n_coefficients)
    return (coefficients @ basis).view(-1, 2, height, width).permute(0, 2, 3, 1)


@lru_cache(maxsize=1)
def _basis(height: int, width: int, dtype: torch.dtype, device: torch.device) -> Tensor:
    """Return x, y and 1 for each pixel, then its share of each control point of `elastic`."""
    like = torch.empty(0, dtype=dtype, device=device)
    rows, columns = _control_weights(height, like), _control_weights(width, like)
    return torch.cat([_places(height, width, like), torch.kron(rows, columns)])


def _places(height: int, width: int, like: Tensor) -> Tensor:
    """Return three rows: x and y of every pixel, from -1 to 1, and ones."""
    y = (torch.arange(height, device=like.device, dtype=like.dtype) * 2 + 1) / height - 1
    x = (torch.arange(width, device=like.device, dtype=like.dtype) * 2 + 1) / width - 1
    x, y = x.repeat(height), y.repeat_interleave(width)
    return torch.stack([x, y, torch.ones_like(x)])


def _control_points(like: Tensor) -> Tensor:
    """Return the evenly spaced control points along a side, from 0 to 1."""
    stop = 1 + CONTROL_SPACING / 2
    return torch.arange(0, stop, CONTROL_SPACING, device=like.device, dtype=like.dtype)


def _control_weights(side: int, like: Tensor) -> Tensor:
    """Return the weight of each control point for each pixel along a side."""
    at = torch.arange(side, device=like.device, dtype=like.dtype) / side
    distances = (at - _control_points(like)[:, None]) / CONTROL_SPACING
    return F.normalize(torch.exp(-(distances**2) / 2), dim=0)


def _resample(images: Tensor, grid: Tensor) -> Tensor:
    return F.grid_sample(images, grid, mode="bilinear", padding_mode="border", align_corners=False)


class Augment:
    """Apply an augmentation to batches of images, or of rows of pixels.

    The random numbers are those of the whole batch, also where this process has only a share.
    """

    def __init__(
        self,
        how: str | Callable[[Tensor], Tensor],
        shape: tuple[int, int],
        generator: torch.Generator,
        displacement: float = DISPLACEMENT,
    ) -> None:
        self.how, self.shape, self.generator = how, shape, generator
        self.displacement = displacement

    def __call__(self, batch: Tensor, share: BatchShare | None = None) -> Tensor:
        """Return the augmented batch, in the shape of the given one."""
        share = share or _whole_batch(batch)
        rows = batch.flatten(1)
        missing = self.shape[0] * self.shape[1] - rows.shape[1]
        images = F.pad(rows, (0, missing)).view(len(batch), 1, *self.shape)
        draw = partial(self._draw, like=images)
        if not isinstance(self.how, str):
            changed = self._apply_callable(self.how, images, share)
        elif self.how == "elastic":
            changed = elastic(images, draw, share, self.displacement)
        else:
            changed = AUGMENTATIONS[self.how](images, draw, share)
        return changed.flatten(1)[:, : rows.shape[1]].reshape(batch.shape)

    def _draw(self, *shape: int, like: Tensor) -> Tensor:
        numbers = torch.empty(shape, device=like.device, dtype=like.dtype)
        return numbers.uniform_(-1, 1, generator=self.generator)

    def _apply_callable(
        self, change: Callable[[Tensor], Tensor], images: Tensor, share: BatchShare
    ) -> Tensor:
        # A function given by the user draws from torch's global state: seed it, then restore it.
        # The state belongs to the process, so one fit at a time may do this.
        devices = [images.device] if images.device.type == "cuda" else []
        with _global_state_lock, torch.random.fork_rng(devices):
            seed = torch.randint(2**31, (), generator=self.generator, device=self.generator.device)
            torch.manual_seed(int(seed + share.places[0]))  # processes draw other numbers
            changed = change(images.to(torch.float32))  # modules have weights in float32
        shape = getattr(changed, "shape", None)
        if shape != images.shape:
            returned = type(changed).__name__ if shape is None else f"shape {tuple(shape)}"
            raise ValueError(
                f"augment={change!r} returned {returned}: it must return a tensor of the shape "
                f"that it was given, {tuple(images.shape)}."
            )
        return changed.detach().to(images)
