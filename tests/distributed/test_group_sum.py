import pytest
import torch
from joined_workers import in_groups

from sklearn_lenet.distributed._group_sum import GroupSum
from sklearn_lenet.distributed._groups import ALONE


def counted(rank, round_number):
    """Return what a worker adds in a round."""
    return torch.full((3,), rank + 1.0 + round_number)


def sums(n, rounds, values=counted):
    """Return the sums of each of n workers: of ``values(rank, round)``."""

    def run(rank, groups):
        tensor = torch.zeros_like(values(rank, 0))
        total = GroupSum(groups, rank, tensor)
        results = []
        for k in range(rounds):
            total.expect()
            tensor.copy_(values(rank, k))
            total.begin()
            results.append(total.end().tolist())
        return results

    return list(in_groups(n, run))


def test_two_workers_have_the_sum_of_each_round():
    assert sums(2, 3) == [[[3.0] * 3, [5.0] * 3, [7.0] * 3]] * 2


def test_three_workers_have_the_sum_of_each_round():
    assert sums(3, 2) == [[[6.0] * 3, [9.0] * 3]] * 3


def test_five_workers_have_the_sum_of_each_round():
    assert sums(5, 2) == [[[15.0] * 3, [20.0] * 3]] * 5


@pytest.mark.parametrize("n", [3, 4, 5])
def test_all_workers_have_the_same_bits(n):
    values = torch.randn(n, 1000, generator=torch.Generator().manual_seed(0))
    first, *others = sums(n, 1, lambda rank, _: values[rank])
    assert others == [first] * (n - 1)
    torch.testing.assert_close(torch.tensor(first[0]), values.sum(0))


def test_the_sum_of_a_single_worker_is_the_tensor():
    total = GroupSum(ALONE, 0, torch.ones(2))
    total.expect()
    total.begin()
    assert total.end().tolist() == [1.0, 1.0]
    total.close()
