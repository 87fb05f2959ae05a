"""Random distortions of strips: text that is larger, slanted, bent, shifted, darker, noisy."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

HEIGHT_CHANGE = 0.22
"""The largest change of the height of the text, as a share of it."""

WIDTH_CHANGE = 0.18
"""The largest change of the width."""

SLANT = 0.2
"""The largest change of the slant, in pixels to the side per pixel of height."""

SHIFT = 3.0
"""The largest shift up or down, in pixels."""

GAIN = 0.25
"""The largest change of the darkness, as a share of it."""

BEND = 1.3
"""How far a stroke is bent at most, in pixels."""

BEND_SPACING = 8
"""The distance between the points that are moved to bend strokes, in pixels."""

NOISE = 0.06
"""The largest deviation of the noise; full ink is 1."""


def distorted_lines(strips: Tensor, generator: torch.Generator) -> Tensor:
    """Return strips of shape (n, 1, height, width), each distorted in its own way."""
    n, _, height, width = strips.shape

    def draw(*shape: int) -> Tensor:
        numbers = torch.empty(shape, device=strips.device, dtype=strips.dtype)
        return numbers.uniform_(-1, 1, generator=generator)

    wide, high = 1 + WIDTH_CHANGE * draw(n), 1 + HEIGHT_CHANGE * draw(n)
    # Coordinates run from -1 to 1. Stretching keeps the left edge in its place.
    slant = SLANT * draw(n) * (height / width)
    shift = SHIFT * 2 / height * draw(n)
    zeros = torch.zeros_like(wide)
    x = torch.stack([wide, slant, wide - 1], dim=1)
    y = torch.stack([zeros, high, shift], dim=1)
    grid = F.affine_grid(torch.stack([x, y], dim=1), [n, 1, height, width], align_corners=False)
    points = draw(n, 2, height // BEND_SPACING + 1, width // BEND_SPACING + 1)
    bends = F.interpolate(points, (height, width), mode="bicubic", align_corners=True)
    pixels = torch.tensor([2 / width, 2 / height], device=strips.device, dtype=strips.dtype)
    grid = grid + BEND * pixels * bends.permute(0, 2, 3, 1)
    distorted = F.grid_sample(strips, grid, padding_mode="zeros", align_corners=False)
    distorted *= 1 + GAIN * draw(n, 1, 1, 1)
    noise = torch.empty_like(distorted).normal_(generator=generator)
    noise *= NOISE * draw(n, 1, 1, 1).abs()
    return distorted.add_(noise).clamp_(0, 1)
