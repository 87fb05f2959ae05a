"""Lines: batches of about the same width, every line once, and seeded distortions."""

import numpy as np
import torch

from sklearn_lenet.training._batches import Batches
from sklearn_lenet.training._lines import WIDTH_STEP, Lines, padded

CPU = torch.device("cpu")


def lines(n=200, generator=None):
    rng = np.random.default_rng(0)
    widths = rng.integers(24, 200, n)
    strips = [np.full((32, width), k % 256, dtype=np.uint8) for k, width in enumerate(widths)]
    texts = [np.full(k % 4, 1 + k % 10, dtype=np.int64) for k in range(n)]
    return Lines(strips, texts, device=CPU, generator=generator)


def test_every_line_is_in_one_batch_of_an_epoch():
    rows = lines()
    order = torch.randperm(200, generator=torch.Generator().manual_seed(0))
    batches = list(rows.batches(order, 8))
    assert torch.cat(batches).sort().values.tolist() == list(range(200))
    assert all(len(batch) <= 8 for batch in batches)


def test_a_batch_has_lines_of_about_the_same_width():
    rows = lines()
    order = torch.randperm(200, generator=torch.Generator().manual_seed(0))
    spans = [np.ptp(rows.widths[batch.numpy()]) for batch in rows.batches(order, 8)]
    assert np.mean(spans) < 0.15 * np.ptp(rows.widths)


def test_the_widths_of_the_batches_are_in_no_order():
    rows = lines()
    widths = [batch.shape[3] for batch, _ in Batches(rows, 8, torch.Generator().manual_seed(0))]
    steps = np.sign(np.diff(widths[:16]))
    assert {-1, 1} <= set(steps.tolist())


def test_two_epochs_have_other_batches():
    rows, generator = lines(), torch.Generator().manual_seed(0)
    first, second = ([t[0].tolist() for _, t in Batches(rows, 8, generator)] for _ in range(2))
    assert first != second


def test_a_batch_has_strips_and_the_codes_of_all_texts():
    rows = lines()
    batch, (codes, lengths) = rows.take(torch.tensor([3, 2]))
    assert batch.shape == (2, 1, 32, -(-rows.widths[[2, 3]].max() // WIDTH_STEP) * WIDTH_STEP)
    assert codes.tolist() == [4, 4, 4, 3, 3]
    assert lengths.tolist() == [3, 2]
    assert float(batch[0].max()) == np.float32(3 / 255)


def test_strips_are_padded_with_background():
    short, long = np.full((32, 16), 255, np.uint8), np.full((32, 40), 255, np.uint8)
    batch = padded([short, long], CPU)
    assert batch.shape == (2, 1, 32, 48)
    assert batch[0, 0, :, 16:].max() == batch[1, 0, :, 40:].max() == 0
    assert batch[1, 0, :, :40].min() == 1


def test_distortions_are_seeded_and_new_in_each_batch():
    index = torch.tensor([100, 101])
    rows = lines(generator=torch.Generator().manual_seed(5))
    first, second = rows.take(index)[0], rows.take(index)[0]
    again = lines(generator=torch.Generator().manual_seed(5)).take(index)[0]
    assert torch.equal(first, again)
    assert not torch.equal(first, second)


def test_callbacks_may_look_at_single_lines():
    rows = lines()
    strip, text = rows[2]
    assert strip.shape[:2] == (1, 32)
    assert text.tolist() == [3, 3]
    assert len(rows.X) == len(rows.y) == len(rows) == 200
