"""Dask takes no profile of a task that asks for this, and goes on afterwards."""

from concurrent.futures import Future
from types import SimpleNamespace

import pytest
from distributed import Client, Status, get_worker

from sklearn_lenet.distributed._picture_blocks import _read
from sklearn_lenet.distributed._profiles import without_profile


class Profile:
    n_starts = 1
    """How often it was started since it was stopped."""

    def start(self):
        self.n_starts += 1

    def stop(self):
        self.n_starts = 0

    def is_running(self):
        return self.n_starts > 0


def worker_with(callbacks, status="running"):
    loop = SimpleNamespace(add_callback=lambda function: function())
    return SimpleNamespace(periodic_callbacks=callbacks, loop=loop, status=Status[status])


@pytest.mark.parametrize(("status", "n_after"), [("running", 1), ("closing", 0)])
def test_the_profile_pauses(status, n_after):
    profile = Profile()
    with without_profile(worker_with({"profile": profile}, status)):
        assert profile.n_starts == 0
    assert profile.n_starts == n_after


def test_two_tasks_of_a_worker_start_the_profile_once():
    profile = Profile()
    worker = worker_with({"profile": profile})
    first, second = without_profile(worker), without_profile(worker)
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    second.__exit__(None, None, None)
    assert profile.n_starts == 1


def test_a_worker_may_take_no_profile_at_all():
    worker = worker_with({})
    with without_profile(worker):
        assert worker.periodic_callbacks == {}


def is_running(worker):
    """Return whether the profile runs, from the loop of the worker."""
    found = Future()
    profile = worker.periodic_callbacks["profile"]
    worker.loop.add_callback(lambda: found.set_result(profile.is_running()))
    return found.result(timeout=10)


def runs_in_a_task():
    worker = get_worker()
    before = is_running(worker)
    with without_profile(worker):
        within = is_running(worker)
    return before, within, is_running(worker)


class Reader:
    def read(self, files, deadly):
        return is_running(get_worker())


def test_the_profile_of_a_worker_of_dask_pauses_also_while_it_reads():
    with Client(processes=False, dashboard_address=":0") as client:
        assert client.submit(runs_in_a_task).result() == (True, False, True)
        assert client.submit(_read, Reader(), [], ()).result() is False
