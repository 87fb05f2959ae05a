"""Lines: strips of different widths with their texts, as the training loop takes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from skorch.dataset import Dataset
from torch import Tensor

from ._line_augmentation import distorted_lines

SORTED_BATCHES = 16
"""So many batches are sorted by width together, so that little of a batch is padding."""

WIDTH_STEP = 16
"""The width of a batch is a multiple of this."""


class Lines(Dataset):
    """Strips of ink on the device's side of the loop, with the codes of their texts."""

    def __init__(
        self,
        strips: Sequence[NDArray[np.uint8]],
        texts: Sequence[NDArray[np.int64]],
        *,
        device: torch.device,
        generator: torch.Generator | None = None,
    ) -> None:
        self.strips, self.texts, self.device = strips, texts, device
        self.generator, self.dtype = generator, torch.float32
        self.widths = np.array([strip.shape[1] for strip in strips])

    def __len__(self) -> int:
        return len(self.strips)

    @property
    def X(self) -> Sequence[NDArray[np.uint8]]:  # noqa: N802 - skorch's name
        """Return all strips."""
        return self.strips

    @property
    def y(self) -> Sequence[NDArray[np.int64]]:
        """Return the codes of all texts."""
        return self.texts

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        """Return a strip and the codes of its text."""
        strip = padded([self.strips[index]], self.device)[0]
        return strip, torch.from_numpy(self.texts[index])

    def batches(self, order: Tensor, batch_size: int) -> Iterator[Tensor]:
        """Yield the indices of batches of strips of about the same width."""
        chunk = batch_size * SORTED_BATCHES
        for part in np.split(order.cpu().numpy(), range(chunk, len(order), chunk)):
            ordered = part[np.argsort(self.widths[part], kind="stable")]
            batches = np.split(ordered, range(batch_size, len(ordered), batch_size))
            # The chunk's own order shuffles the batches: their widths are in no order then.
            for k in np.argsort([batch[0] for batch in batches], kind="stable"):
                yield torch.from_numpy(batches[k])

    def take(self, index: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Return a batch: strips, and a tuple of codes and lengths of the texts."""
        chosen = index.tolist()
        batch = padded([self.strips[k] for k in chosen], self.device)
        if self.generator is not None:
            batch = distorted_lines(batch, self.generator)
        codes = [self.texts[k] for k in chosen]
        lengths = torch.tensor([len(text) for text in codes])
        return batch, (torch.from_numpy(np.concatenate(codes)), lengths)


def padded(strips: Sequence[NDArray[np.uint8]], device: torch.device) -> Tensor:
    """Return strips as one tensor of shape (n, 1, height, width), with background on the right."""
    widest = max(strip.shape[1] for strip in strips)
    width = -(-widest // WIDTH_STEP) * WIDTH_STEP
    rows = np.zeros((len(strips), 1, strips[0].shape[0], width), dtype=np.uint8)
    for row, strip in zip(rows, strips, strict=True):
        row[0, :, : strip.shape[1]] = strip
    return torch.from_numpy(rows).to(device).to(torch.float32).div_(255)
