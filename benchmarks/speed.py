"""Claim: the nets train and predict faster than what people would write or use instead.

``python benchmarks/speed.py`` measures ratios inside one run, contenders in turn, each in
its own process, and writes ``results/speed.json`` (``--device cuda``: ``speed-cuda.json``);
``--report`` writes the README's table from it. It needs MNIST and an idle machine.
"""

import argparse
from collections.abc import Callable
from typing import NamedTuple

import _contenders as run
from _record import ROOT, environment, load, put_between_marks, save
from _workers import alternate, medians

ROUNDS = 5
NETS = {
    "tanh, avg": {"activation": "tanh", "pooling": "avg"},
    "relu, max": {"activation": "relu", "pooling": "max"},
}
LOOPS = ["float32", "uint8", "channels_last"]


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
        loops = {f"loop, {how}": (run.loop_epoch, {"net": net, "how": how, **on}) for how in LOOPS}
        epoch = {"ours": (run.ours_epoch, {"net": net, **on})}
        skorch = {"stock skorch": (run.skorch_epoch, {"net": net, **on})}
        rows += [
            Measure(f"LeNet-5 epoch, {name}", "best hand-written loop", 0.75, epoch | loops),
            Measure(f"LeNet-5 epoch, {name}", "stock skorch", 0.55, epoch | skorch),
        ]
    ours, theirs = (run.ours_predict, on), (run.skorch_predict, on)
    rows.append(
        Measure(
            "predict_proba of 10,000 rows", "stock skorch", 0.5, {"ours": ours, "skorch": theirs}
        )
    )
    ours, theirs = (run.ours_one_row, on), (run.torch_one_row, on)
    rows.append(
        Measure(
            "predict_proba of one row", "hand-written torch", 2.5, {"ours": ours, "torch": theirs}
        )
    )
    if device != "cpu":
        return rows
    ours, theirs = (run.ours_dense, on), (run.mlp, {})
    rows.append(
        Measure(
            "dense net, (128,), batch 200",
            "MLPClassifier",
            1.0,
            {"ours": ours, "MLPClassifier": theirs},
        )
    )
    ours, theirs = (run.ours_shortest, on), (run.tutorial_epoch, {})
    rows.append(
        Measure(
            "shortest fit to 98.8 %",
            "tutorials' ten epochs",
            0.15,
            {"ours": ours, "an epoch": theirs},
            times=10.0,
        )
    )
    few, many = (run.ours_rows, {"n_rows": 15_000, **on}), (run.ours_rows, {"n_rows": 60_000, **on})
    rows.append(
        Measure(
            "fit of 60,000 rows",
            "four times 15,000",
            1.15,
            {"60,000": many, "15,000": few},
            times=4.0,
        )
    )
    loops = {f"loop, {how}": (run.loop_memory, {"how": how}) for how in LOOPS[:2]}
    rows.append(
        Measure(
            "peak memory of fit",
            "leanest hand-written loop",
            1.0,
            {"ours": (run.ours_memory, {}), **loops},
            rounds=0,
        )
    )
    jobs = {"2 jobs": (run.two_jobs, {"n_jobs": 2}), "1 job": (run.two_jobs, {"n_jobs": 1})}
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
