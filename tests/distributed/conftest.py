"""One cluster of two processes for all tests of this folder, which run in one test process."""

from pathlib import Path

import pytest

from sklearn_lenet.distributed._local_processes import KEEP_WORKERS

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("cluster"))


@pytest.fixture(scope="session")
def cluster():
    """Two worker processes of two threads each, with a nanny, on this machine."""
    distributed = pytest.importorskip("distributed", reason="needs the extra dask")
    import dask

    with (
        # A worker that is killed returns, however long a busy machine takes to start it.
        dask.config.set(KEEP_WORKERS),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=2, host="127.0.0.1", dashboard_address="127.0.0.1:0"
        ) as cluster,
    ):
        yield cluster


@pytest.fixture
def client(cluster):
    """A client of the cluster, which has no tasks left from another test."""
    from distributed import Client

    with Client(cluster) as client:
        yield client
