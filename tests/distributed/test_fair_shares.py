import numpy as np
import pytest

from sklearn_lenet.distributed._fair_shares import fair_shares


@pytest.mark.parametrize("n_workers", [1, 2, 3, 7])
@pytest.mark.parametrize("n", [1, 5, 128])
def test_shares_are_equal_and_few_rows_move(n_workers, n):
    rng = np.random.default_rng(n)
    for kind in (np.uint8, np.int64):
        owners = rng.integers(0, n_workers, n).astype(kind)
        takers = fair_shares(owners, n_workers)
        before, after = (np.bincount(x, minlength=n_workers) for x in (owners, takers))
        assert after.tolist() == [n // n_workers + (k < n % n_workers) for k in range(n_workers)]
        assert (owners != takers).sum() == np.maximum(before - after, 0).sum()


def test_one_worker_has_all_rows():
    assert fair_shares(np.zeros(5, dtype=int), 3).tolist() == [0, 0, 1, 1, 2]
