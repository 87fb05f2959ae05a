"""Processes for one call: they end, and nothing of this process changes."""

import os
import signal

import pytest

from sklearn_lenet.distributed._local_processes import local_processes


def test_processes_end_and_the_environment_stays(monkeypatch):
    distributed = pytest.importorskip("distributed", reason="needs the extra dask")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setenv("KEPT", "before")
    before = dict(os.environ)
    with local_processes(1) as client:
        assert list(client.nthreads().values()) == [1]
        assert client.submit(os.getenv, "OMP_NUM_THREADS").result() == "1"
        process = client.submit(os.getpid).result()
        (callbacks,) = client.run(lambda dask_worker: set(dask_worker.periodic_callbacks)).values()
        assert "heartbeat" in callbacks
        assert "profile" not in callbacks
        with pytest.raises(ValueError, match="No clients found"):
            distributed.default_client()
        os.environ["KEPT"] = "changed"
    assert dict(os.environ) == before
    assert process != os.getpid()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_a_process_that_ends_is_started_again():
    dask = pytest.importorskip("dask", reason="needs the extra dask")
    with dask.config.set({"distributed.deploy.lost-worker-timeout": "1 ms"}):
        with local_processes(1) as client:
            process = client.submit(os.getpid, pure=False).result()
            os.kill(process, signal.SIGKILL)
            assert client.submit(os.getpid, pure=False).result(timeout=90) != process
            assert list(client.cluster.workers) == [0]  # not given up
        assert dask.config.get("distributed.deploy.lost-worker-timeout") == "1 ms"
