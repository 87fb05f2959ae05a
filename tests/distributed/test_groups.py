import pytest
import torch
from joined_workers import in_groups

from sklearn_lenet.distributed._groups import ALONE


def test_each_of_two_workers_sends_in_its_own_group():
    def task(rank, groups):
        assert len({id(group) for group in (groups.whole, *groups.by_sender)}) == 3
        received = torch.zeros(100_000)
        sent = torch.full_like(received, rank + 1.0)
        arriving = groups.by_sender[1 - rank].recv([received], 1 - rank, 0)
        groups.by_sender[rank].send([sent], 1 - rank, 0).wait()
        arriving.wait()
        return received.unique().tolist()

    assert in_groups(2, task) == ([2.0], [1.0])


@pytest.mark.parametrize(
    ("n", "hosts", "direct"),
    [
        (2, ("127.0.0.1",), 2),
        (2, ("127.0.0.1", "127.0.0.2"), 2),
        (3, ("127.0.0.1",), 3),
        (3, ("127.0.0.1", "127.0.0.2"), 0),  # on a network, the ring of gloo sends less
        (5, ("127.0.0.1",), 0),
    ],
)
def test_all_workers_are_in_the_whole_group(n, hosts, direct):
    def task(rank, groups):
        total = torch.tensor([10.0**rank])
        groups.whole.allreduce([total]).wait()
        return groups.whole.size(), total.item(), len(groups.by_sender)

    assert in_groups(n, task, hosts) == ((n, float("1" * n), direct),) * n


def test_a_single_worker_has_no_group():
    assert ALONE.whole is None
    assert ALONE.by_sender == ()
