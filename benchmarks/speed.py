"""Claim: the nets train and predict faster than a hand-written loop, skorch and scikit-learn's net.

``python benchmarks/speed.py`` measures ratios of times or memory within one run. The contenders
run in turn, each in its own process. The results are written to ``results/speed.json``, with
``--device cuda`` to ``results/speed-cuda.json``. ``--report`` only writes the table of the
README. The benchmark needs MNIST and an idle machine.
"""

import argparse
from collections.abc import Callable
from typing import NamedTuple

import _contenders as run
from _record import RESULTS, ROOT, environment, load, put_between_marks, save
from _workers import alternate, in_new_workers, medians

ROUNDS, MANY_ROUNDS = 5, 9
NEW_WORKERS = 0
"""As the number of rounds: ``ROUNDS`` rounds, each in new workers."""

NETS = {
    "tanh, avg": {"activation": "tanh", "pooling": "avg"},
    "relu, max": {"activation": "relu", "pooling": "max"},
}
THREADS = [None, 1]
"""Threads of an epoch: torch's default, and one, which other programs disturb least."""

DISPLAYED_NAMES = {
    "stock skorch": "skorch with its defaults",
    "tutorials' ten epochs": "ten epochs of the recipe of tutorials",
    "four times 15,000": "four fits of 15,000 rows",
    "leanest hand-written loop": "hand-written loop with the least memory",
}
"""Names in the JSON file that the README shows in other words."""

LOOPS = ["float32", "uint8", "channels_last"]


class Measure(NamedTuple):
    """One row of the table: ours divided by the best of the other contenders."""

    name: str
    against: str
    target: float
    contenders: dict[str, tuple[Callable, dict]]
    """Name -> function and arguments of each contender; the first one is ours."""
    rounds: int = ROUNDS
    """The number of rounds, or ``NEW_WORKERS``."""
    times: float = 1.0
    """The result of each other contender is multiplied by this number."""


def epochs(net, settings):
    """Return the measures of one epoch of a net."""
    one = settings["threads"] == 1
    name = f"LeNet-5 epoch, {net}" + (", one thread" if one else "")
    rounds = ROUNDS if one else MANY_ROUNDS  # with two threads, times vary more
    loops = {f"loop, {how}": (run.loop_epoch, {"how": how, **settings}) for how in LOOPS}
    ours, skorch = (run.ours_epoch, settings), (run.skorch_epoch, settings)
    return [
        Measure(name, "best hand-written loop", 0.75, {"ours": ours, **loops}, rounds),
        Measure(name, "stock skorch", 0.55, {"ours": ours, "stock skorch": skorch}, rounds),
    ]


def measures(device):
    """Return all measures, in the order of the table."""
    on = {"device": device}
    rows = [
        row
        for threads in (THREADS if device == "cpu" else THREADS[:1])
        for name, net in NETS.items()
        for row in epochs(name, {"net": net, "threads": threads, **on})
    ]
    plain = {"net": NETS["relu, max"], "threads": None, **on}
    contenders = {
        "augmented": (run.ours_epoch, plain | {"augment": "elastic"}),
        "plain": (run.ours_epoch, plain),
    }
    rows.append(
        Measure(
            "LeNet-5 epoch with augmentation", "one without", 1.25, contenders, rounds=MANY_ROUNDS
        )
    )
    ours, theirs = (run.ours_predict, on), (run.skorch_predict, on)
    rows.append(
        Measure(
            "predict_proba of 10,000 rows", "stock skorch", 0.45, {"ours": ours, "skorch": theirs}
        )
    )
    ours, theirs = (run.ours_one_row, on), (run.torch_one_row, on)
    rows.append(
        Measure(
            "predict_proba of one row", "hand-written torch", 1.2, {"ours": ours, "torch": theirs}
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
            rounds=NEW_WORKERS,
        )
    )
    jobs = {"2 jobs": (run.grid_search, {"n_jobs": 2}), "1 job": (run.grid_search, {"n_jobs": 1})}
    rows.append(Measure("grid search, n_jobs=2", "n_jobs=1", 0.7, jobs))
    return rows


def measure(row):
    """Run the contenders of a measure; return their results and the ratio."""
    print(f"{row.name}, against {row.against}", flush=True)
    if row.rounds == NEW_WORKERS:
        results = in_new_workers(row.contenders, ROUNDS)
    else:
        results = alternate(row.contenders, row.rounds)
    ours, *others = medians(results).values()
    ratio = ours / (min(others) * row.times)
    print(f"  ratio {ratio:.2f}, target {row.target:.2f}", flush=True)
    spec = {"name": row.name, "against": row.against, "reach": row.target, "times": row.times}
    return spec | {"rounds": results, "ratio": ratio, "holds": ratio <= row.target}


def keep(name, row, order):
    """Add a measured row to the JSON file, in the order of the table."""
    old_rows = load(name)["rows"] if (RESULTS / f"{name}.json").exists() else []
    rows = {(old["name"], old["against"]): old for old in old_rows}
    where = environment()
    rows[row["name"], row["against"]] = row | {"commit": where["commit"]}
    save(name, {"environment": where, "rows": [rows[key] for key in order if key in rows]})


def table(result):
    """Return the lines of the table in the README."""
    lines = [
        "| measure | compared with | ratio | range over the rounds | target |",
        "|---|---|---|---|---|",
    ]
    for row in result["rows"]:
        ratio = f"{row['ratio']:.2f}" if row["holds"] else f"**{row['ratio']:.2f}**, missed"
        rounds = zip(*row["rounds"].values(), strict=True)
        ratios = [ours / (min(others) * row["times"]) for ours, *others in rounds]
        spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
        against = DISPLAYED_NAMES.get(row["against"], row["against"])
        lines.append(f"| {row['name']} | {against} | {ratio} | {spread} | {row['reach']:.2f} |")
    where = result["environment"]
    lines += [
        "",
        "The ratio is the time or memory of sklearn_lenet divided by that of the other contender; "
        "smaller is better. Times and memory are medians over the rounds of one run. Each "
        "contender runs in its own process, and the contenders run in turn; an epoch of LeNet-5 is "
        "split into tenths. "
        f"{where['cpu']}, {where['torch_threads']} threads, torch "
        f"{where['versions']['torch']}, skorch {where['versions']['skorch']}, scikit-learn "
        f"{where['versions']['scikit-learn']}. Measured with `make bench-speed`; the results are "
        "in `benchmarks/results/speed.json`.",
    ]
    return lines


def main():
    """Measure the ratios, or write the README from the JSON file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--only", nargs="+", metavar="ROW", help="measure only these rows")
    parser.add_argument("--report", action="store_true", help="only write the table of the README")
    chosen = parser.parse_args()
    name = "speed" if chosen.device == "cpu" else f"speed-{chosen.device}"
    if not chosen.report:
        if not chosen.only:
            (RESULTS / f"{name}.json").unlink(missing_ok=True)
        all_rows = measures(chosen.device)
        for row in all_rows:
            if not chosen.only or row.name in chosen.only:
                keep(name, measure(row), [(row.name, row.against) for row in all_rows])
    lines = table(load(name))
    if chosen.device == "cpu":
        readme = ROOT / "README.md"
        readme.write_text(put_between_marks(readme.read_text(), "speed", lines))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
