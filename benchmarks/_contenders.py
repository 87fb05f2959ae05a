"""The contenders of the speed benchmark: each function prepares one and returns what to run.

The returned function runs once per round, in a worker, and returns seconds or bytes. All
contenders of a measure do the same work: the same rows, net, batch size, optimizer and number of
threads.
"""

import statistics
import warnings

import numpy as np
import torch
from _record import resident
from _rivals import DefaultSkorch, HandWritten, Tutorial, padded, seeded, standardised
from _workers import timed, turns
from accuracy import LARGE_BATCHES, SHORTEST
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from torch.utils.data import DataLoader

from sklearn_lenet import DenseDigitClassifier, LeNet5Classifier, PadNormalizer, fetch_mnist
from sklearn_lenet.training import Batches

EPOCH = {"batch_size": 64, "lr": 0.001}

PLAIN = {"augment": None, "calibrate": False}
"""The work that the contenders do not do."""

TENTH = 94
"""The number of batches in a tenth of an epoch."""


def train():
    """Return the training rows of MNIST."""
    return fetch_mnist(split="train", return_X_y=True)


def test():
    """Return the test rows of MNIST."""
    return fetch_mnist(split="test", return_X_y=True)


def ours_epoch(net, device, threads, augment=None):
    """Return one epoch of LeNet5Classifier, with the time from its ``history_``."""
    X, y = train()
    settings = (
        EPOCH
        | PLAIN
        | net
        | {"augment": augment, "lr_schedule": "constant", "device": device, "random_state": 0}
    )
    model = LeNet5Classifier(max_epochs=1, n_threads=threads, **settings)
    split_into_tenths(Batches)

    def epoch():
        waited = turns.waited
        return model.fit(X, y).history_[0]["dur"] - (turns.waited - waited)

    return epoch


def loop_epoch(net, device, threads, how):
    """Return one epoch of a hand-written loop."""
    torch.set_num_threads(threads or torch.get_num_threads())
    loop = HandWritten(*train(), net=net, device=device, how=how, **EPOCH)
    loop.batches = lambda order: turns.split(order.split(loop.batch_size), TENTH)
    return timed(loop.epoch)


def skorch_epoch(net, device, threads):
    """Return one epoch of skorch with its defaults."""
    torch.set_num_threads(threads or torch.get_num_threads())
    split_into_tenths(DataLoader)
    return timed(DefaultSkorch(*train(), net=net, device=device, **EPOCH).epoch)


def split_into_tenths(cls):
    """Change a class of iterables of batches: it ends the turn after each tenth of an epoch."""
    iterate = cls.__iter__
    cls.__iter__ = lambda self: turns.split(iterate(self), TENTH)


def fitted(device):
    """Return a LeNet5Classifier fitted on few rows; its accuracy does not affect the speed."""
    X, y = train()
    return LeNet5Classifier(max_epochs=1, device=device, random_state=0).fit(X[:1000], y[:1000])


def ours_predict(device):
    """Return the prediction of 10,000 rows by LeNet5Classifier, from raw pixels."""
    model = fitted(device)
    rows = test()[0]
    return timed(lambda: model.predict_proba(rows))


def skorch_predict(device):
    """Return the prediction of 10,000 rows by skorch, from rows standardised in advance."""
    X, y = train()
    net = DefaultSkorch(X[:1000], y[:1000], net={}, batch_size=128, lr=0.001, device=device)
    rows = standardised(padded(test()[0])).numpy()
    return timed(lambda: net.model.predict_proba(rows))


def latency(predict):
    """Return a function that returns the median time of 300 calls."""
    return lambda: statistics.median(timed(predict)() for _ in range(300))


def ours_one_row(device):
    """Return the prediction of one row by LeNet5Classifier, from raw pixels."""
    model, X = fitted(device), train()[0]
    return latency(lambda: model.predict_proba(X[:1]))


def torch_one_row(device):
    """Return the prediction of one row by the torch module, standardised in advance."""
    module = seeded(0).to(device).eval()
    image = standardised(padded(train()[0][:1])).to(device)

    @torch.inference_mode()
    def predict():
        return module(image).softmax(1).cpu().numpy()

    return latency(predict)


def ours_dense(device):
    """Return a whole fit of the dense net with three epochs."""
    X, y = train()
    settings = {"batch_size": 200, "lr": 0.001, "lr_schedule": "constant", "device": device}
    model = DenseDigitClassifier(
        hidden_layer_sizes=(128,), max_epochs=3, random_state=0, **PLAIN, **settings
    )
    return timed(lambda: model.fit(X, y))


def mlp():
    """Return a whole fit of scikit-learn's net with three epochs, in single precision."""
    X, y = train()
    X = (X / 255).astype(np.float32)
    model = MLPClassifier((128,), batch_size=200, max_iter=3, random_state=0)

    def fit():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # three epochs are intended
            model.fit(X, y)

    return timed(fit)


def ours_shortest(device):
    """Return a whole fit with the shortest recipe."""
    X, y = train()
    return timed(lambda: LeNet5Classifier(**SHORTEST, device=device, random_state=0).fit(X, y))


def ours_to_99(device):
    """Return a whole fit with few, large batches; its accuracy must be at least 99.0 %."""
    X, y = train()
    model = LeNet5Classifier(**LARGE_BATCHES, device=device, random_state=0)
    fit = timed(lambda: model.fit(X, y))

    def run():
        seconds = fit()
        accuracy = model.score(*test())
        if accuracy < 0.99:
            raise RuntimeError(f"the accuracy is {accuracy:.2%}; at least 99 % is required.")
        return seconds

    return run


def allowed(seconds):
    """Return a contender that always takes the allowed time."""
    return lambda: seconds


def tutorial_epoch():
    """Return one epoch of the recipe of tutorials; the recipe has ten epochs."""
    return timed(Tutorial(*train(), net={}).epoch)


def ours_rows(n_rows, device):
    """Return a whole fit of two epochs on ``n_rows`` rows."""
    X, y = (part[:n_rows] for part in train())
    return timed(
        lambda: LeNet5Classifier(
            max_epochs=2, batch_size=128, device=device, random_state=0, **PLAIN
        ).fit(X, y)
    )


def peak_of(work):
    """Return a function that returns the peak memory of ``work``, above the memory before it."""

    def run():
        before = resident("VmRSS")
        work()
        return resident("VmHWM") - before

    return run


def ours_memory():
    """Return the memory of a fit of LeNet5Classifier, without the uint8 rows."""
    X, y = train()
    model = LeNet5Classifier(max_epochs=1, random_state=0, **PLAIN, **EPOCH)
    model.fit(X[:1000], y[:1000])  # loads all modules
    return peak_of(lambda: model.fit(X, y))


def loop_memory(how):
    """Return the memory of a hand-written loop, without the uint8 rows."""
    X, y = train()
    HandWritten(X[:1000], y[:1000], net={}, how=how, **EPOCH).epoch()
    return peak_of(lambda: HandWritten(X, y, net={}, how=how, **EPOCH).epoch())


def grid_search(n_jobs):
    """Return one grid search on scikit-learn's bundled digits."""
    X, y = load_digits(return_X_y=True)
    pipe = make_pipeline(PadNormalizer(), LeNet5Classifier(random_state=0, **PLAIN))
    grid = {
        "lenet5classifier__lr": [0.001, 0.004],
        "lenet5classifier__activation": ["relu", "tanh"],
    }
    search = GridSearchCV(pipe, grid, n_jobs=n_jobs, cv=3, error_score="raise")
    return timed(lambda: search.fit(X[:600], y[:600]))
