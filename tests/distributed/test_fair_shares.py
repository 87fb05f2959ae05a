import numpy as np
import pytest

from sklearn_lenet.distributed._fair_shares import fair_shares


@pytest.mark.parametrize("n_workers", [1, 2, 3, 7])
@pytest.mark.parametrize("n", [1, 5, 128])
def test_shares_are_equal_and_few_rows_move(n_workers, n):
    rng = np.random.default_rng(n)
    for kind in (np.uint8, np.int64):
        owners = rng.integers(0, n_workers, n).astype(kind)
        takers = fair_shares(owners, n_workers, n)
        before, after = (np.bincount(x, minlength=n_workers) for x in (owners, takers))
        assert after.tolist() == [n // n_workers + (k < n % n_workers) for k in range(n_workers)]
        assert (owners != takers).sum() == np.maximum(before - after, 0).sum()


def test_one_worker_has_all_rows():
    assert fair_shares(np.zeros(5, dtype=int), 3, 5).tolist() == [0, 0, 1, 1, 2]


def test_each_batch_is_shared_as_if_it_were_the_only_one():
    owners = np.random.default_rng(0).integers(0, 3, 50)
    takers = fair_shares(owners, 3, batch_size=16)
    for start in (0, 16, 32, 48):
        of_batch = owners[start : start + 16]
        alone = fair_shares(of_batch, 3, len(of_batch))
        assert takers[start : start + 16].tolist() == alone.tolist()
