"""Pixels as standardised tensors."""

import numpy as np
import torch

from sklearn_lenet.training._standardise import LIMIT, standardise, to_tensor
from sklearn_lenet.utils import PixelScale

UNIT = PixelScale(mean=0.0, deviation=1.0, lowest=0.0, highest=1.0, contrast=1.0)


def test_standardise_leaves_the_resident_rows_alone():
    pixels = torch.tensor([[0.0, 4.0]])
    assert standardise(pixels, UNIT._replace(mean=2.0, deviation=0.5), torch.float32).tolist() == [
        [-4.0, 4.0]
    ]
    assert pixels.tolist() == [[0.0, 4.0]]
    assert standardise(pixels * 1e9, UNIT, torch.float32).max() == LIMIT


def test_uint8_pixels_are_standardised_as_well():
    scale = UNIT._replace(mean=100.0, deviation=50.0)
    pixels = torch.tensor([[0, 100, 250]], dtype=torch.uint8)
    assert standardise(pixels, scale, torch.float64).tolist() == [[-2.0, 0.0, 3.0]]


def test_a_tensor_shares_memory_where_torch_can_read_it():
    array = np.zeros((2, 3), np.float32)
    to_tensor(array)[0, 0] = 5
    assert array[0, 0] == 5
    array.flags.writeable = False
    to_tensor(array)[0, 0] = 7
    assert array[0, 0] == 5
    assert to_tensor(np.arange(6)[::-2]).tolist() == [5, 3, 1]
