"""Two shares of a batch have the random numbers of the whole batch."""

import pytest
import torch

from sklearn_lenet.nets import BatchShare, Dropout
from sklearn_lenet.training import Augment

BATCH = torch.rand(6, 1, 28, 28, generator=torch.Generator().manual_seed(0))
PLACES = torch.tensor([0, 3, 4]), torch.tensor([1, 2, 5])


def test_dropout_of_shares_is_that_of_the_batch():
    def dropped(rows, share):
        layer = Dropout(0.5).train()
        layer.generator, layer.share = torch.Generator().manual_seed(1), share
        return layer(rows)

    whole = dropped(BATCH, None)
    assert (whole == 0).any()
    for places in PLACES:
        assert torch.equal(dropped(BATCH[places], BatchShare(6, places)), whole[places])


@pytest.mark.parametrize("how", ["shift", "affine", "elastic"])
def test_distortions_of_shares_are_those_of_the_batch(how):
    def changed(rows, share):
        return Augment(how, (28, 28), torch.Generator().manual_seed(1))(rows, share)

    whole = changed(BATCH, None)
    assert not torch.equal(whole, BATCH)
    for places in PLACES:
        share = changed(BATCH[places], BatchShare(6, places))
        torch.testing.assert_close(share, whole[places], atol=1e-5, rtol=0)


def test_a_function_of_the_user_draws_other_numbers_for_each_share():
    def noise(images):
        return images + torch.rand(len(images), 1, 1, 1)

    first, second = (
        Augment(noise, (28, 28), torch.Generator().manual_seed(1))(BATCH[:3], BatchShare(6, places))
        for places in PLACES
    )
    assert not torch.equal(first, second)
