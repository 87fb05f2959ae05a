"""Claim: for digits, LeNet-5 with its defaults is faster and more accurate than other models.

``python benchmarks/compare.py`` measures every model on MNIST, each in its own process, and
prints a table. It takes MNIST from ``SKLEARN_LENET_DATA`` or from the cache. ``--full`` also
measures the accuracy for several numbers of training rows; ``make bench-report`` writes both
READMEs from these results. ``--quick`` uses scikit-learn's bundled digits. A run that is already
measured is not repeated.
"""

import argparse
import sys
from itertools import groupby
from pathlib import Path

from _record import ROOT
from comparison import run as runs
from comparison.models import MODELS
from comparison.results import FOLDER, Results
from comparison.run import Run
from comparison.tables import as_text, overview
from tqdm import tqdm

CURVE = {100: 3, 300: 3, 1000: 3, 3000: 3, 10_000: 1}
"""Number of training rows -> number of seeds. Each seed has its own sample of the rows."""
FEWEST_ROWS = 100
"""With this many rows, every digit occurs often enough for models that hold some rows back."""
QUICK_FOLDER = ROOT / "build" / "compare-quick"


def parsed(arguments=None):
    """Return the parsed arguments, or exit with a message."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--models", nargs="+", metavar="MODEL", help="the models to measure; default: all"
    )
    parser.add_argument(
        "--n-train", nargs="+", type=int, metavar="N", help="numbers of training rows"
    )
    parser.add_argument("--seeds", nargs="+", type=int, metavar="SEED", help="seeds of every model")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="use the bundled digits and one seed; takes less than two minutes",
    )
    parser.add_argument("--full", action="store_true", help="also measure several numbers of rows")
    parser.add_argument("--out", type=Path, help="folder for the JSON files")
    chosen = parser.parse_args(arguments)
    if chosen.quick and chosen.full:
        parser.error("--quick and --full cannot be combined; use one of them")
    if min(chosen.n_train or [FEWEST_ROWS]) < FEWEST_ROWS:
        parser.error(f"--n-train {min(chosen.n_train)} is too small; use {FEWEST_ROWS} or more")
    if min(chosen.seeds or [0]) < 0:
        parser.error(f"--seeds {min(chosen.seeds)} is negative; use 0 or more")
    unknown = [name for name in chosen.models or [] if name not in MODELS]
    if unknown:
        parser.error(f"--models {' '.join(unknown)} is unknown; use one of {', '.join(MODELS)}")
    for name in chosen.models or []:
        if MODELS[name].missing:
            parser.error(
                f"--models {name} needs {' and '.join(MODELS[name].missing)}; install with: "
                "pip install 'sklearn_lenet[bench]'"
            )
    chosen.models = chosen.models or list(MODELS)
    chosen.out = chosen.out or (QUICK_FOLDER if chosen.quick else FOLDER)
    return chosen


def planned(chosen):
    """Return all runs for the given arguments, ordered by model."""
    plan = []
    for name in chosen.models:
        spec = MODELS[name]
        if spec.missing:
            continue
        seeds = chosen.seeds or list(range(1 if chosen.quick else spec.seeds))
        all_rows = [] if spec.most_rows and not chosen.quick else [None]
        for n_rows in chosen.n_train or all_rows:
            plan += [Run(name, n_rows, seed, thorough=True) for seed in seeds]
        if chosen.full and spec.curve:
            measured = [n for n in CURVE if n <= (spec.most_rows or n)]
            for n_rows in measured:
                plan += [Run(name, n_rows, seed, thorough=False) for seed in range(CURVE[n_rows])]
    return plan


def grouped_by_process(plan):
    """Return groups of runs that share a process: a thorough run has a process of its own."""
    groups = groupby(plan, key=lambda run: run if run.thorough else run.model)
    return [list(group) for _, group in groups]


def compare(chosen):
    """Do all runs that are not measured yet, and return those that failed."""
    results, failed = Results(chosen.out), []
    plan = planned(chosen)
    open_runs = [run for run in plan if not results.has(run)]
    source = "bundled digits" if chosen.quick else "MNIST"
    runs.SOURCES[source]()  # fails early if the data are missing
    with tqdm(total=len(plan), initial=len(plan) - len(open_runs), unit="run") as progress:
        for group in grouped_by_process(open_runs):
            progress.set_description(group[0].model)
            for run, result in runs.measured(group, source):
                results.add(run, result)
                progress.update()
                if "error" in result:
                    failed.append(run)
    return failed


def main(arguments=None):
    """Run the comparison and return the exit code."""
    chosen = parsed(arguments)
    try:
        failed = compare(chosen)
    except OSError as error:
        print(error, file=sys.stderr)
        return 2
    print(as_text(overview(Results(chosen.out).full(), chosen.models)))
    if failed:
        names = ", ".join(sorted({run.model for run in failed}))
        print(f"{len(failed)} runs failed: {names}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
