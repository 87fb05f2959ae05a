"""What runs in the workers: each makes ready, and returns what is run in every round.

Ours and theirs do the same work: the same rows, net, batch, optimiser and threads.
"""

import statistics
import warnings

import numpy as np
import torch
from _record import resident
from _rivals import HandWritten, StockSkorch, Tutorial, fields, seeded, standardised
from _workers import timed, turns
from accuracy import LARGE_BATCHES, SHORTEST
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from torch.utils.data import DataLoader

from sklearn_lenet import DenseDigitClassifier, LeNet5Classifier, PadNormalizer, fetch_mnist
from sklearn_lenet.training._batches import Batches

EPOCH = {"batch_size": 64, "lr": 0.001}
TENTH = 94
"""Batches in a tenth of such an epoch."""


def train():
    """Return MNIST's training rows."""
    return fetch_mnist(split="train", return_X_y=True)


def test():
    """Return MNIST's test rows."""
    return fetch_mnist(split="test", return_X_y=True)


def ours_epoch(net, device, threads):
    """One pass of ours, as its own history has it."""
    X, y = train()
    settings = EPOCH | net | {"lr_schedule": "constant", "device": device, "random_state": 0}
    model = LeNet5Classifier(max_epochs=1, n_threads=threads, **settings)
    in_tenths(Batches)

    def epoch():
        away = turns.away
        return model.fit(X, y).history_[0]["dur"] - (turns.away - away)

    return epoch


def loop_epoch(net, device, threads, how):
    """One pass of a hand-written loop."""
    torch.set_num_threads(threads or torch.get_num_threads())
    loop = HandWritten(*train(), net=net, device=device, how=how, **EPOCH)
    loop.batches = lambda order: turns.over(order.split(loop.batch_size), TENTH)
    return timed(loop.epoch)


def skorch_epoch(net, device, threads):
    """One pass of stock skorch."""
    torch.set_num_threads(threads or torch.get_num_threads())
    in_tenths(DataLoader)
    return timed(StockSkorch(*train(), net=net, device=device, **EPOCH).epoch)


def in_tenths(batches):
    """Let a class of iterables end this process's turn after each tenth of an epoch."""
    whole = batches.__iter__
    batches.__iter__ = lambda self: turns.over(whole(self), TENTH)


def fitted(device):
    """Return ours fitted on few rows; how well does not matter to the time it takes."""
    X, y = train()
    return LeNet5Classifier(max_epochs=1, device=device, random_state=0).fit(X[:1000], y[:1000])


def ours_predict(device):
    """10,000 rows through ours, from raw pixels."""
    model = fitted(device)
    rows = test()[0]
    return timed(lambda: model.predict_proba(rows))


def skorch_predict(device):
    """10,000 rows through stock skorch, from fields standardised beforehand."""
    X, y = train()
    stock = StockSkorch(X[:1000], y[:1000], net={}, batch_size=128, lr=0.001, device=device)
    rows = standardised(fields(test()[0])).numpy()
    return timed(lambda: stock.model.predict_proba(rows))


def latency(predict):
    """Return the median seconds of 300 calls."""
    return lambda: statistics.median(timed(predict)() for _ in range(300))


def ours_one_row(device):
    """One row through ours, from raw pixels."""
    model, X = fitted(device), train()[0]
    return latency(lambda: model.predict_proba(X[:1]))


def torch_one_row(device):
    """One row through the bare module, from a field standardised beforehand."""
    module = seeded(0).to(device).eval()
    field = standardised(fields(train()[0][:1])).to(device)

    @torch.inference_mode()
    def predict():
        return module(field).softmax(1).cpu().numpy()

    return latency(predict)


def ours_dense(device):
    """Three passes of the dense net, the whole fit."""
    X, y = train()
    settings = {"batch_size": 200, "lr": 0.001, "lr_schedule": "constant", "device": device}
    model = DenseDigitClassifier(
        hidden_layer_sizes=(128,), max_epochs=3, random_state=0, **settings
    )
    return timed(lambda: model.fit(X, y))


def mlp():
    """Three passes of scikit-learn's net in single precision, the whole fit."""
    X, y = train()
    X = (X / 255).astype(np.float32)
    model = MLPClassifier((128,), batch_size=200, max_iter=3, random_state=0)

    def fit():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # three passes are meant
            model.fit(X, y)

    return timed(fit)


def ours_shortest(device):
    """Fit by the shortest recipe, all of it."""
    X, y = train()
    return timed(lambda: LeNet5Classifier(**SHORTEST, device=device, random_state=0).fit(X, y))


def ours_to_99(device):
    """Fit by the recipe of few, large batches, all of it; it must end at 99.0 %."""
    X, y = train()
    model = LeNet5Classifier(**LARGE_BATCHES, device=device, random_state=0)
    fit = timed(lambda: model.fit(X, y))

    def run():
        seconds = fit()
        accuracy = model.score(*test())
        if accuracy < 0.99:
            raise RuntimeError(f"The fit ended at {accuracy:.2%}, not at 99 %.")
        return seconds

    return run


def allowed(seconds):
    """Return the time that a row allows."""
    return lambda: seconds


def tutorial_epoch():
    """One pass of the tutorials' recipe; ten of them make it."""
    return timed(Tutorial(*train(), net={}).epoch)


def ours_rows(n_rows, device):
    """Two passes over so many rows, the whole fit."""
    X, y = (part[:n_rows] for part in train())
    return timed(lambda: LeNet5Classifier(max_epochs=2, device=device, random_state=0).fit(X, y))


def peak_of(work):
    """Return by how many bytes a call raises the process's peak over what it holds before."""

    def run():
        before = resident("VmRSS")
        work()
        return resident("VmHWM") - before

    return run


def ours_memory():
    """Memory of a fit beyond the uint8 rows."""
    X, y = train()
    model = LeNet5Classifier(max_epochs=1, random_state=0, **EPOCH)
    model.fit(X[:1000], y[:1000])  # loads what it needs
    return peak_of(lambda: model.fit(X, y))


def loop_memory(how):
    """Memory of a hand-written loop beyond the uint8 rows."""
    X, y = train()
    HandWritten(X[:1000], y[:1000], net={}, how=how, **EPOCH).epoch()
    return peak_of(lambda: HandWritten(X, y, net={}, how=how, **EPOCH).epoch())


def two_jobs(n_jobs):
    """One grid search over the bundled digits."""
    X, y = load_digits(return_X_y=True)
    pipe = make_pipeline(PadNormalizer(), LeNet5Classifier(random_state=0))
    grid = {
        "lenet5classifier__lr": [0.001, 0.004],
        "lenet5classifier__activation": ["relu", "tanh"],
    }
    search = GridSearchCV(pipe, grid, n_jobs=n_jobs, cv=3, error_score="raise")
    return timed(lambda: search.fit(X[:600], y[:600]))
