"""Batches, the weighted loss and the scaling of pixels."""

import numpy as np
import torch

from sklearn_lenet.training._batches import Batches, Rows
from sklearn_lenet.training._samples import Samples
from sklearn_lenet.utils import PixelScale

UNIT = PixelScale(mean=0.0, deviation=1.0, lowest=0.0, highest=1.0, contrast=1.0)


def rows_of(n, weights=None):
    pixels = np.arange(n, dtype=np.uint8)[:, None]
    samples = Samples(pixels, np.arange(n), weights)
    return Rows(samples, UNIT, dtype=torch.float32, device=torch.device("cpu"))


def test_batches_are_slices_of_one_permutation():
    batches = Batches(rows_of(10), 4, torch.Generator().manual_seed(0))
    epochs = [[codes for _, (codes,) in batches] for _ in range(2)]
    assert [len(codes) for codes in epochs[0]] == [4, 4, 2]
    assert len(batches) == 3
    for epoch in epochs:
        assert torch.cat(epoch).sort().values.tolist() == list(range(10))
    assert not torch.equal(torch.cat(epochs[0]), torch.cat(epochs[1]))


def test_a_batch_keeps_pixels_codes_and_weights_together():
    for pixels, (codes, weights) in Batches(rows_of(9, np.arange(9.0) * 10), 4, torch.Generator()):
        assert torch.equal(pixels[:, 0], codes.float())
        torch.testing.assert_close(weights, codes / 4.0)


def test_uint8_stays_uint8_until_its_batch():
    rows = rows_of(5)
    assert rows.pixels.dtype == torch.uint8
    assert rows.take(torch.tensor([1, 2]))[0].dtype == torch.float32
