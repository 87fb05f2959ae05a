"""A worker with a Nanny keeps freed memory only while it trains, predicts or reads."""

import numpy as np
import pytest
from helpers import GLIBC_ONLY

from sklearn_lenet import DenseDigitClassifier
from sklearn_lenet.distributed._picture_blocks import _read
from sklearn_lenet.utils._by_block import _output_of_block

pytestmark = GLIBC_ONLY


def counters():
    """Objects that count the pages which 100 blocks of 1 MiB get from the system.

    Those of a function travel to a worker by value, and not with this module.
    """
    import numpy as np
    from skorch.callbacks import Callback

    def pages():
        import resource

        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        for _ in range(100):
            bytearray(2**20)
        return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

    class Counter(Callback):
        found = None

        def on_epoch_end(self, net, **kwargs):
            self.found = pages()

        def predict(self, block):
            return np.array([pages()])

        def read(self, files, deadly):
            return pages()

    return pages, Counter


@pytest.fixture(scope="module", params=["train", "predict", "read"])
def task(request):
    """A function that counts pages while a worker trains, predicts or reads."""
    _, Counter = counters()

    def train():
        rng = np.random.default_rng(0)
        counter = Counter()
        model = DenseDigitClassifier(max_epochs=1, callbacks=[counter])
        model.fit(rng.random((64, 64), dtype=np.float32), np.arange(64) % 2)
        return counter.found

    def predict():
        rows, empty = np.zeros((1, 64)), np.zeros(0, dtype=int)
        return int(_output_of_block(rows, method="predict", model=Counter(), empty=empty)[0])

    def read():
        return _read(Counter(), [], ())

    return {"train": train, "predict": predict, "read": read}[request.param]


def test_memory_is_kept_during_a_task(task, client):
    worker = next(iter(client.nthreads()))
    assert client.submit(task, workers=[worker], pure=False).result(timeout=60) < 1000


def test_memory_is_returned_after_the_tasks(client):
    pages, _ = counters()
    for found in client.run(pages).values():
        assert found >= 25_600
