"""Digits as another hand might have written them: seeded changes of a whole batch at once.

Each takes float images of shape (n, 1, h, w) on any device and draws all its random
numbers from one generator. What comes in from beyond an edge is the edge's own value.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional as F

Draw = Callable[..., Tensor]
"""``draw(*shape)``: numbers from -1 to 1, uniform, on the images' device."""

SHIFT = 2 / 28
"""How far a digit moves, each way, as a share of the side; 2 pixels of 28."""

ROTATION = 0.2
SHEAR = 0.2
STRETCH = 0.15
"""Largest turn in radians, slant, and change of height and of width."""

WAVE = 0.08
SMOOTHNESS = 0.14
"""Elastic: how far pixels move, and how far apart they move independently, of the side."""


def _shifts(n: int, draw: Draw) -> Tensor:
    return 2 * SHIFT * draw(n, 1, 1, 2)  # the grid's side is 2


def shift(images: Tensor, draw: Draw) -> Tensor:
    """Move each image by up to 2 pixels of 28, by whole pixels and parts of them."""
    return _resample(images, _plain_grid(images) + _shifts(len(images), draw))


def affine(images: Tensor, draw: Draw) -> Tensor:
    """Turn, slant, stretch and move each image."""
    return _resample(images, _affine_grid(images, draw))


def elastic(images: Tensor, draw: Draw) -> Tensor:
    """Pull each image about smoothly, besides what `affine` does."""
    n, _, height, width = images.shape
    down, across = _smoother(height, images), _smoother(width, images)
    waves = down @ draw(n, 2, height, width) @ across.t()
    return _resample(images, _affine_grid(images, draw) + 2 * WAVE * waves.permute(0, 2, 3, 1))


AUGMENTATIONS = {"shift": shift, "affine": affine, "elastic": elastic}


def _affine_grid(images: Tensor, draw: Draw) -> Tensor:
    n = len(images)
    angle, slant = draw(n) * ROTATION, draw(n) * SHEAR
    wide, high = 1 + draw(n) * STRETCH, 1 + draw(n) * STRETCH
    cosine, sine = angle.cos(), angle.sin()
    turns = torch.stack([cosine, -sine, sine, cosine], dim=1).view(n, 2, 2)
    zero = torch.zeros_like(slant)
    forms = torch.stack([wide, slant * wide, zero, high], dim=1).view(n, 2, 2)
    # A grid says where each pixel comes from: (n, pixels, 2) times (n, 2, 2).
    grid = _plain_grid(images).flatten(1, 2) @ (turns @ forms).transpose(1, 2)
    return grid.view(n, *images.shape[2:], 2) + _shifts(n, draw)


def _plain_grid(images: Tensor) -> Tensor:
    """Return the place of every pixel, from -1 to 1, (n, h, w, 2) in the order x, y."""
    height, width = images.shape[2:]
    y = (torch.arange(height, device=images.device, dtype=images.dtype) * 2 + 1) / height - 1
    x = (torch.arange(width, device=images.device, dtype=images.dtype) * 2 + 1) / width - 1
    grid = torch.stack([x.expand(height, width), y[:, None].expand(height, width)], dim=-1)
    return grid.expand(len(images), height, width, 2)


def _smoother(side: int, images: Tensor) -> Tensor:
    """Return the matrix that blurs a line of pixels with a Gaussian, its rows of norm 1."""
    at = torch.arange(side, device=images.device, dtype=images.dtype)
    bell = torch.exp(-(((at[:, None] - at) / (SMOOTHNESS * side)) ** 2) / 2)
    return F.normalize(bell, dim=1)


def _resample(images: Tensor, grid: Tensor) -> Tensor:
    return F.grid_sample(images, grid, mode="bilinear", padding_mode="border", align_corners=False)


class Augment:
    """Change batches as the module eats them: as images, or as rows of an image's pixels."""

    def __init__(
        self,
        how: str | Callable[[Tensor], Tensor],
        shape: tuple[int, int],
        generator: torch.Generator,
    ) -> None:
        self.how, self.shape, self.generator = how, shape, generator

    def __call__(self, batch: Tensor) -> Tensor:
        """Return the changed batch, of the shape in which it came."""
        rows = batch.flatten(1)
        missing = self.shape[0] * self.shape[1] - rows.shape[1]
        images = F.pad(rows, (0, missing)).view(len(batch), 1, *self.shape)
        if isinstance(self.how, str):
            changed = AUGMENTATIONS[self.how](images, partial(self._draw, like=images))
        else:
            changed = self._theirs(self.how, images)
        return changed.flatten(1)[:, : rows.shape[1]].reshape(batch.shape)

    def _draw(self, *shape: int, like: Tensor) -> Tensor:
        numbers = torch.empty(shape, device=like.device, dtype=like.dtype)
        return numbers.uniform_(-1, 1, generator=self.generator)

    def _theirs(self, change: Callable[[Tensor], Tensor], images: Tensor) -> Tensor:
        # Others draw from torch's global state: lend them a seeded one, and put it back.
        devices = [images.device] if images.device.type == "cuda" else []
        with torch.random.fork_rng(devices):
            seed = torch.randint(2**31, (), generator=self.generator, device=self.generator.device)
            torch.manual_seed(int(seed))
            changed = change(images)
        shape = getattr(changed, "shape", None)
        if shape != images.shape:
            came = type(changed).__name__ if shape is None else f"shape {tuple(shape)}"
            raise ValueError(
                f"augment={change!r} returned {came}, but it must return a tensor of the "
                f"shape that it got: {tuple(images.shape)}."
            )
        return changed.to(images)
