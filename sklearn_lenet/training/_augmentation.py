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
"""How far `shift` moves a digit, each way, as a share of the side; 2 pixels of 28."""

ROTATION = 0.17

SHEAR = 0.15

STRETCH = 0.12

MOVE = 1 / 28
"""Affine: the largest turn in radians, slant, change of height and of width, and shift.

Chosen on held-out digits of MNIST; they lie in their middle, so large shifts do not help.
"""

WAVE = 0.05

PULL = 0.2
"""Elastic: how far pixels are pulled, and how far the points that pull are apart, of the side."""


def shift(images: Tensor, draw: Draw) -> Tensor:
    """Move each image by up to 2 pixels of 28, by whole pixels and parts of them."""
    height, width = images.shape[2:]
    plain = _places(height, width, images)[:2].t().view(height, width, 2)
    return _resample(images, plain + 2 * SHIFT * draw(len(images), 1, 1, 2))


def affine(images: Tensor, draw: Draw) -> Tensor:
    """Turn, slant, stretch and move each image."""
    return _resample(images, _affine_grid(images, draw))


def elastic(images: Tensor, draw: Draw) -> Tensor:
    """Pull each image about smoothly, besides what `affine` does."""
    n, (height, width) = len(images), images.shape[2:]
    down, across = _bells(height, images), _bells(width, images)
    pulls = draw(2 * n, len(down) * len(across)) @ torch.kron(down, across)
    waves = pulls.view(n, 2, height, width).permute(0, 2, 3, 1)
    return _resample(images, _affine_grid(images, draw) + 2 * WAVE * waves)


AUGMENTATIONS = {"shift": shift, "affine": affine, "elastic": elastic}


def _affine_grid(images: Tensor, draw: Draw) -> Tensor:
    n, (height, width) = len(images), images.shape[2:]
    angle, slant = draw(n) * ROTATION, draw(n) * SHEAR
    wide, high = 1 + draw(n) * STRETCH, 1 + draw(n) * STRETCH
    move = draw(2, n) * (2 * MOVE)  # the side is 2
    cosine, sine = angle.cos(), angle.sin()
    # Where each pixel comes from: turned, after it was slanted and stretched, and moved.
    x = torch.stack([wide * cosine, slant * wide * cosine - high * sine, move[0]], dim=1)
    y = torch.stack([wide * sine, slant * wide * sine + high * cosine, move[1]], dim=1)
    grid = torch.stack([x, y], dim=1).view(2 * n, 3) @ _places(height, width, images)
    return grid.view(n, 2, height, width).permute(0, 2, 3, 1)


def _places(height: int, width: int, like: Tensor) -> Tensor:
    """Return x and y of every pixel, from -1 to 1, and a one: three rows."""
    y = (torch.arange(height, device=like.device, dtype=like.dtype) * 2 + 1) / height - 1
    x = (torch.arange(width, device=like.device, dtype=like.dtype) * 2 + 1) / width - 1
    x, y = x.repeat(height), y.repeat_interleave(width)
    return torch.stack([x, y, torch.ones_like(x)])


def _bells(side: int, like: Tensor) -> Tensor:
    """Return how strongly each of some evenly spread points pulls at each pixel of a line."""
    at = torch.arange(side, device=like.device, dtype=like.dtype) / side
    points = torch.arange(0, 1 + PULL / 2, PULL, device=like.device, dtype=like.dtype)
    return F.normalize(torch.exp(-(((at - points[:, None]) / PULL) ** 2) / 2), dim=0)


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
