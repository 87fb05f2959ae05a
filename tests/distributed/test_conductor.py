"""A fit on a cluster: lost workers, Ctrl-C, several fits at the same time, and what is left."""

import _thread
import os
import signal
import threading
import time

import numpy as np
import pytest
from distributed import Client, LocalCluster
from helpers import exactly
from skorch.callbacks import Checkpoint

from sklearn_lenet import DaskDenseDigitClassifier, LostWorkerError
from sklearn_lenet.distributed._conductor import Conductor
from sklearn_lenet.distributed._worker_tasks import FITS

LONG = {"max_epochs": 100_000, "augment": None, "calibrate": False, "lr_schedule": "constant"}
"""A fit that does not end by itself while a test runs."""

SHORT = {"max_epochs": 2, "augment": None, "calibrate": False, "random_state": 0}


@pytest.fixture(scope="module")
def data(digits):
    X, y = digits
    return X[:400], y[:400]


def wait_until(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def kept(client):
    """Return what each worker keeps of fits."""

    def names(dask_worker):
        return list(dask_worker.__dict__.get(FITS, {}))

    return [name for names in client.run(names).values() for name in names]


def test_nothing_is_left_of_a_fit(client, data):
    environment = dict(os.environ)
    DaskDenseDigitClassifier(**SHORT, client=client).fit(*data)
    wait_until(lambda: not client.who_has(), 5)
    assert kept(client) == []
    assert dict(os.environ) == environment


def test_a_worker_that_dies_is_a_clear_error_and_the_cluster_goes_on(client, data, tmp_path):
    callback, wait_for_epoch = after_an_epoch(tmp_path)
    model = DaskDenseDigitClassifier(**LONG, callbacks=[callback], client=client)
    caught = []

    def fit():
        try:
            model.fit(*data)
        except LostWorkerError as error:
            caught.append(str(error))

    thread = threading.Thread(target=fit)
    thread.start()
    wait_for_epoch()
    (address, pid) = next(iter(client.run(os.getpid).items()))
    start = time.monotonic()
    os.kill(pid, signal.SIGKILL)
    thread.join(30)
    assert time.monotonic() - start < 30
    assert caught == [
        f"the worker {address} was lost during the fit, and its rows with it: call fit again. If "
        "it was killed for its memory, use more workers or smaller blocks."
    ]
    client.wait_for_workers(2, timeout=90)
    assert kept(client) == []
    again = DaskDenseDigitClassifier(**SHORT, client=client).fit(*data)
    assert again.n_iter_ == 2


def after_an_epoch(folder):
    """Return a callback that writes a file after each epoch, and a function that waits for it."""
    kept = {"f_params": None, "f_optimizer": None, "f_criterion": None, "monitor": None}
    callback = Checkpoint(dirname=str(folder), f_history="history.json", **kept)
    return callback, lambda: wait_until((folder / "history.json").exists)


@pytest.fixture
def sigint():
    """Let SIGINT raise KeyboardInterrupt, also where a shell started the tests with it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("sigint")
def test_ctrl_c_keeps_the_weights_that_are_reached(client, data, tmp_path):
    callback, wait_for_epoch = after_an_epoch(tmp_path)
    model = DaskDenseDigitClassifier(**LONG, callbacks=[callback], client=client)

    def interrupt():
        wait_for_epoch()
        time.sleep(1)
        _thread.interrupt_main()

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        model.fit(*data)
    thread.join()
    assert 0 < model.n_iter_ < LONG["max_epochs"]
    assert model.temperature_ == 1.0
    assert model.score(*data) > 0.5  # a tenth by chance
    assert kept(client) == []
    assert DaskDenseDigitClassifier(**SHORT, client=client).fit(*data).n_iter_ == 2


def test_two_fits_at_the_same_time(cluster, data):
    models = [DaskDenseDigitClassifier(**SHORT) for _ in range(2)]

    def fit(model):
        with Client(cluster, set_as_default=False) as own:
            model.set_params(client=own).fit(*data)

    threads = [threading.Thread(target=fit, args=(model,)) for model in models]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    one, other = models
    assert one.loss_curve_ == other.loss_curve_
    assert len(one.loss_curve_) == 2


def test_workers_in_threads_of_this_process(data):
    import torch

    n_threads = torch.get_num_threads()
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=False, dashboard_address=":0"
        ) as cluster,
        Client(cluster) as client,
    ):
        model = DaskDenseDigitClassifier(**SHORT).fit(*data)  # the default client
        assert kept(client) == []
    local = model._local_class(**SHORT, n_threads=1).fit(*data)
    np.testing.assert_allclose(model.loss_curve_, local.loss_curve_, atol=1e-5)
    assert torch.get_num_threads() == n_threads


class Failing:
    """An augmentation that fails on the second worker, whose rows are bright."""

    def __call__(self, images):
        if images.mean() > 0.5:
            raise MemoryError("no room for the images")
        return images


def test_the_error_of_a_worker_is_raised_and_not_that_of_its_peers(client):
    X = np.zeros((400, 64))
    X[200:] = 16.0
    y = np.arange(400) % 2
    model = DaskDenseDigitClassifier(**SHORT | {"augment": Failing()}, client=client)
    with pytest.raises(MemoryError, match="no room for the images"):
        model.fit(X, y)
    assert kept(client) == []


def test_a_cluster_without_workers():
    class Empty:
        def nthreads(self):
            return {}

    with pytest.raises(ValueError, match=exactly(
        "the cluster has no workers: add some, or call client.wait_for_workers(1)."
    )):  # fmt: skip
        Conductor(Empty())
