"""The loss of lines: the probability of each text, summed over all ways by hand."""

from itertools import groupby, product

import pytest
import torch

from sklearn_lenet.training._ctc_loss import CtcLoss, spelled


def targets(*texts):
    codes = torch.tensor([code for text in texts for code in text], dtype=torch.int64)
    return codes, torch.tensor([len(text) for text in texts])


def log_probability(logits, text):
    """Sum over all ways through the columns."""
    shares = logits.softmax(1)
    total = 0.0
    for way in product(range(logits.shape[1]), repeat=len(logits)):
        if tuple(code for code, _ in groupby(way) if code) == text:
            total = total + shares[torch.arange(len(logits)), torch.tensor(way)].prod()
    return torch.log(total)


def test_the_loss_is_the_mean_negative_log_probability_per_character():
    logits = torch.randn(2, 4, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    texts = [(1, 2), (2,)]
    expected = -sum(
        log_probability(one, text) / len(text) for one, text in zip(logits, texts, strict=True)
    ) / len(texts)
    assert float(CtcLoss()(logits, targets(*texts))) == pytest.approx(float(expected))


def test_a_text_that_is_too_long_for_its_line_does_not_count():
    logits = torch.zeros(1, 2, 3, requires_grad=True)
    loss = CtcLoss()(logits, targets((1, 1)))
    loss.backward()
    assert float(loss.detach()) == 0
    assert torch.isfinite(logits.grad).all()


def test_an_empty_text_is_learned():
    logits = torch.zeros(1, 3, 2, requires_grad=True)
    CtcLoss()(logits, targets(())).backward()
    assert (logits.grad[0, :, 0] < 0).all()  # the blank becomes more probable


@pytest.mark.parametrize(
    ("symbols", "text"), [([0, 0], []), ([1, 1, 0, 1], [1, 1]), ([2, 1, 1], [2, 1])]
)
def test_symbols_spell_a_text(symbols, text):
    assert spelled(torch.tensor(symbols)).tolist() == text
