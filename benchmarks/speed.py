"""Claim: the nets train and predict faster than what people would write or use instead.

``python benchmarks/speed.py`` measures ratios inside one run, contenders in turn, each in
its own process, and writes ``results/speed.json`` (``--device cuda``: ``speed-cuda.json``);
``--report`` writes the README's table from it. It needs MNIST and an idle machine.
"""

import argparse
from collections.abc import Callable
from typing import NamedTuple

import _contenders as run
from _record import RESULTS, ROOT, environment, load, put_between_marks, save
from _workers import afresh, alternate, medians

ROUNDS, MANY_ROUNDS, COLD = 5, 9, 0
NETS = {
    "tanh, avg": {"activation": "tanh", "pooling": "avg"},
    "relu, max": {"activation": "relu", "pooling": "max"},
}
THREADS = [None, 1]
"""Of an epoch: as many as torch takes, and one, which a neighbour on the machine hits least."""

LOOPS = ["float32", "uint8", "channels_last"]


class Measure(NamedTuple):
    """Contenders by name, ours first; the ratio is ours over the best of the others."""

    name: str
    against: str
    reach: float
    contenders: dict[str, tuple[Callable, dict]]
    rounds: int = ROUNDS
    """Of workers that are warm; `COLD` has a new worker for every call."""
    times: float = 1.0
    """How many of what the others return make what the row is about."""


def epochs(net, settings):
    """Return the rows of one net's epoch."""
    one = settings["threads"] == 1
    name = f"LeNet-5 epoch, {net}" + (", one thread" if one else "")
    rounds = ROUNDS if one else MANY_ROUNDS  # two threads are the more disturbed
    loops = {f"loop, {how}": (run.loop_epoch, {"how": how, **settings}) for how in LOOPS}
    ours, skorch = (run.ours_epoch, settings), (run.skorch_epoch, settings)
    return [
        Measure(name, "best hand-written loop", 0.75, {"ours": ours, **loops}, rounds),
        Measure(name, "stock skorch", 0.55, {"ours": ours, "stock skorch": skorch}, rounds),
    ]


def measures(device):
    """Return every row of the table."""
    on = {"device": device}
    rows = [
        row
        for threads in (THREADS if device == "cpu" else THREADS[:1])
        for name, net in NETS.items()
        for row in epochs(name, {"net": net, "threads": threads, **on})
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
        contenders = {"ours": (run.ours_to_99, on), "3 s": (run.allowed, {"seconds": 3.0})}
        return [*rows, Measure("fit to 99.0 %", "3 seconds", 1.0, contenders)]
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
            rounds=COLD,
        )
    )
    jobs = {"2 jobs": (run.two_jobs, {"n_jobs": 2}), "1 job": (run.two_jobs, {"n_jobs": 1})}
    rows.append(Measure("grid search, n_jobs=2", "n_jobs=1", 0.7, jobs))
    return rows


def measure(row):
    """Run a row's contenders; return what came, and the ratio."""
    print(f"{row.name}, against {row.against}", flush=True)
    if row.rounds == COLD:
        results = afresh(row.contenders, ROUNDS)
    else:
        results = alternate(row.contenders, row.rounds)
    ours, *others = medians(results).values()
    ratio = ours / (min(others) * row.times)
    print(f"  ratio {ratio:.2f}, to reach {row.reach:.2f}", flush=True)
    asked = {"name": row.name, "against": row.against, "reach": row.reach, "times": row.times}
    return asked | {"rounds": results, "ratio": ratio, "holds": ratio <= row.reach}


def keep(name, row, order):
    """Write a measured row beside what the JSON holds already, in the order of the table."""
    kept = load(name)["rows"] if (RESULTS / f"{name}.json").exists() else []
    rows = {(old["name"], old["against"]): old for old in kept}
    where = environment()
    rows[row["name"], row["against"]] = row | {"commit": where["commit"]}
    save(name, {"environment": where, "rows": [rows[key] for key in order if key in rows]})


def table(result):
    """Return the README's table, a line each."""
    lines = ["| measure | against | ratio | by round | to reach |", "|---|---|---|---|---|"]
    for row in result["rows"]:
        ratio = f"{row['ratio']:.2f}" if row["holds"] else f"**{row['ratio']:.2f}**, missed"
        rounds = zip(*row["rounds"].values(), strict=True)
        ratios = [ours / (min(others) * row["times"]) for ours, *others in rounds]
        spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
        lines.append(
            f"| {row['name']} | {row['against']} | {ratio} | {spread} | {row['reach']:.2f} |"
        )
    where = result["environment"]
    lines += [
        "",
        "Ours over theirs, medians of alternating rounds in one run, each contender in a process "
        "of its own, LeNet-5's epochs in tenths taken in turn. "
        f"{where['cpu']}, {where['torch_threads']} threads, torch "
        f"{where['versions']['torch']}, skorch {where['versions']['skorch']}, scikit-learn "
        f"{where['versions']['scikit-learn']}; made by `make bench-speed` into "
        "`benchmarks/results/speed.json`.",
    ]
    return lines


def main():
    """Measure, or write the README from what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--only", nargs="+", metavar="ROW", help="measure these rows anew")
    parser.add_argument("--report", action="store_true", help="only write the README's table")
    chosen = parser.parse_args()
    name = "speed" if chosen.device == "cpu" else f"speed-{chosen.device}"
    if not chosen.report:
        if not chosen.only:
            (RESULTS / f"{name}.json").unlink(missing_ok=True)
        everything = measures(chosen.device)
        for row in everything:
            if not chosen.only or row.name in chosen.only:
                keep(name, measure(row), [(row.name, row.against) for row in everything])
    lines = table(load(name))
    if chosen.device == "cpu":
        readme = ROOT / "README.md"
        readme.write_text(put_between_marks(readme.read_text(), "speed", lines))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
