import numpy as np
import torch

from sklearn_lenet import DenseDigitClassifier
from sklearn_lenet.distributed._rows_at_hand import RowsAtHand
from sklearn_lenet.training import Rows, Samples

CPU = torch.device("cpu")


def test_rows_that_are_fetched_are_those_of_all_rows():
    rng = np.random.default_rng(0)
    pixels, codes = rng.integers(0, 255, (50, 16)).astype(np.uint8), rng.integers(0, 3, 50)
    weights = rng.uniform(0.5, 2, 50)
    model = DenseDigitClassifier(max_epochs=1).fit(pixels, codes)
    asked = []

    def fetched(numbers):
        asked.extend(numbers.tolist())
        return pixels[numbers - 100]

    # The samples are numbers of rows: those of a worker begin with 100.
    rows = RowsAtHand(Samples(np.arange(100, 150), codes, weights), CPU, torch.float32)
    rows.fetch(torch.tensor([7, 30, 7, 2]), fetched, model)
    assert asked == [102, 107, 130]
    assert len(rows) == 50
    every = Rows(
        Samples(pixels, codes, weights), model.pixel_scale_, dtype=torch.float32, device=CPU
    )
    index = torch.tensor([30, 2, 30])
    (batch, targets), (expected, expected_targets) = rows.take(index), every.take(index)
    assert torch.equal(batch, expected)
    for one, other in zip(targets, expected_targets, strict=True):
        torch.testing.assert_close(one, other)
    changed, _ = rows.with_augmentation(lambda images: images + 1).take(index)
    assert torch.equal(changed, expected + 1)
