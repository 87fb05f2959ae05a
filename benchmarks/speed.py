"""Claim: the nets train and predict faster than what people would write or use instead.

``python benchmarks/speed.py`` measures ratios inside one run, contenders in turn, each in
its own process, and writes ``results/speed.json`` (``--device cuda``: ``speed-cuda.json``);
``--report`` writes the README's table from it. It needs MNIST and an idle machine.
"""

import argparse
import statistics
import time
import warnings
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from _record import ROOT, environment, load, put_between_marks, save
from _rivals import HandWritten, StockSkorch, Tutorial, fields, seeded, standardised
from _workers import alternate, medians
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline

from sklearn_lenet import DenseDigitClassifier, LeNet5Classifier, PadNormalizer, fetch_mnist

ROUNDS = 3
NETS = {
    "tanh, avg": {"activation": "tanh", "pooling": "avg"},
    "relu, max": {"activation": "relu", "pooling": "max"},
}
LOOPS = ["float32", "uint8", "channels_last"]
EPOCH = {"batch_size": 64, "lr": 0.001}
SHORTEST = {"max_epochs": 2}
"""The shortest recipe with 98.8 % on held-out rows."""


def train():
    """Return MNIST's training rows."""
    return fetch_mnist(split="train", return_X_y=True)


def test():
    """Return MNIST's test rows."""
    return fetch_mnist(split="test", return_X_y=True)


def timed(work):
    """Return the seconds that a call takes."""

    def run():
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return run


# What runs in the workers: each makes ready and returns what is run in every round


def ours_epoch(net, device):
    """One pass of ours, as its own history has it."""
    X, y = train()
    settings = EPOCH | net | {"lr_schedule": "constant", "device": device, "random_state": 0}
    model = LeNet5Classifier(max_epochs=1, **settings)
    return lambda: model.fit(X, y).history_[0]["dur"]


def loop_epoch(net, device, how):
    """One pass of a hand-written loop."""
    return timed(HandWritten(*train(), net=net, device=device, how=how, **EPOCH).epoch)


def skorch_epoch(net, device):
    """One pass of stock skorch."""
    return timed(StockSkorch(*train(), net=net, device=device, **EPOCH).epoch)


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


def resident(field):
    """Return a figure of this process's memory, in bytes."""
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith(field))
    return int(line.split()[1]) * 1024


def ours_memory():
    """Memory of a fit beyond the uint8 rows."""
    X, y = train()
    LeNet5Classifier(max_epochs=1, random_state=0).fit(X[:1000], y[:1000])  # loads what it needs
    return peak_of(lambda: LeNet5Classifier(max_epochs=1, random_state=0).fit(X, y))


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


# The measures: who runs in turn, and what the ratio should be


class Measure(NamedTuple):
    """Contenders by name, ours first; the ratio is ours over the best of the others."""

    name: str
    against: str
    reach: float
    contenders: dict[str, tuple[Callable, dict]]
    rounds: int = ROUNDS
    times: float = 1.0
    """How many of what the others return make what the row is about."""


def measures(device):
    """Return every row of the table."""
    on = {"device": device}
    rows = []
    for name, net in NETS.items():
        loops = {f"loop, {how}": (loop_epoch, {"net": net, "how": how, **on}) for how in LOOPS}
        epoch = {"ours": (ours_epoch, {"net": net, **on})}
        skorch = {"stock skorch": (skorch_epoch, {"net": net, **on})}
        rows += [
            Measure(f"LeNet-5 epoch, {name}", "best hand-written loop", 0.75, epoch | loops),
            Measure(f"LeNet-5 epoch, {name}", "stock skorch", 0.55, epoch | skorch),
        ]
    ours, theirs = (ours_predict, on), (skorch_predict, on)
    rows.append(
        Measure(
            "predict_proba of 10,000 rows", "stock skorch", 0.5, {"ours": ours, "skorch": theirs}
        )
    )
    ours, theirs = (ours_one_row, on), (torch_one_row, on)
    rows.append(
        Measure(
            "predict_proba of one row", "hand-written torch", 2.5, {"ours": ours, "torch": theirs}
        )
    )
    if device != "cpu":
        return rows
    ours, theirs = (ours_dense, on), (mlp, {})
    rows.append(
        Measure(
            "dense net, (128,), batch 200",
            "MLPClassifier",
            1.0,
            {"ours": ours, "MLPClassifier": theirs},
        )
    )
    ours, theirs = (ours_shortest, on), (tutorial_epoch, {})
    rows.append(
        Measure(
            "shortest fit to 98.8 %",
            "tutorials' ten epochs",
            0.15,
            {"ours": ours, "an epoch": theirs},
            times=10.0,
        )
    )
    few, many = (ours_rows, {"n_rows": 15_000, **on}), (ours_rows, {"n_rows": 60_000, **on})
    rows.append(
        Measure(
            "fit of 60,000 rows",
            "four times 15,000",
            1.15,
            {"60,000": many, "15,000": few},
            times=4.0,
        )
    )
    loops = {f"loop, {how}": (loop_memory, {"how": how}) for how in LOOPS[:2]}
    rows.append(
        Measure(
            "peak memory of fit",
            "leanest hand-written loop",
            1.0,
            {"ours": (ours_memory, {}), **loops},
            rounds=0,
        )
    )
    jobs = {"2 jobs": (two_jobs, {"n_jobs": 2}), "1 job": (two_jobs, {"n_jobs": 1})}
    rows.append(Measure("grid search, n_jobs=2", "n_jobs=1", 0.7, jobs, rounds=2))
    return rows


def measure(row):
    """Run a row's contenders; return what came, and the ratio."""
    print(f"{row.name}, against {row.against}", flush=True)
    results = alternate(row.contenders, row.rounds)
    ours, *others = medians(results).values()
    ratio = ours / (min(others) * row.times)
    print(f"  ratio {ratio:.2f}, to reach {row.reach:.2f}", flush=True)
    asked = {"name": row.name, "against": row.against, "reach": row.reach, "times": row.times}
    return asked | {"rounds": results, "ratio": ratio, "holds": ratio <= row.reach}


def table(result):
    """Return the README's table, a line each."""
    lines = ["| measure | against | ratio | to reach |", "|---|---|---|---|"]
    for row in result["rows"]:
        ratio = f"{row['ratio']:.2f}" if row["holds"] else f"**{row['ratio']:.2f}**, missed"
        lines.append(f"| {row['name']} | {row['against']} | {ratio} | {row['reach']:.2f} |")
    where = result["environment"]
    lines += [
        "",
        "Ours over theirs, medians of alternating rounds in one run, each contender in a process "
        f"of its own. {where['cpu']}, {where['torch_threads']} threads, torch "
        f"{where['versions']['torch']}, skorch {where['versions']['skorch']}, scikit-learn "
        f"{where['versions']['scikit-learn']}; made by `make bench-speed` into "
        "`benchmarks/results/speed.json`.",
    ]
    return lines


def main():
    """Measure, or write the README from what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--only", default="", help="only the rows whose name holds this")
    parser.add_argument("--report", action="store_true", help="only write the README's table")
    chosen = parser.parse_args()
    name = "speed" if chosen.device == "cpu" else f"speed-{chosen.device}"
    if not chosen.report:
        rows = [row for row in measures(chosen.device) if chosen.only in row.name]
        result = {"environment": environment(), "rows": [measure(row) for row in rows]}
        if chosen.only:
            print("\n".join(table(result)))
            return
        save(name, result)
    lines = table(load(name))
    if chosen.device == "cpu":
        readme = ROOT / "README.md"
        readme.write_text(put_between_marks(readme.read_text(), "speed", lines))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
