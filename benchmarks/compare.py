"""Claim: LeNet-5 as it comes beats what else one would pick for digits, in accuracy and time.

``python benchmarks/compare.py`` measures every model on MNIST (through ``SKLEARN_LENET_DATA`` or
the cache), each in a process of its own, and prints a table. ``--full`` adds the curves against
the number of rows, and writes what ``make bench-report`` makes both READMEs of. ``--quick``
takes scikit-learn's bundled digits. What is measured already is not measured again.
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

CURVE = {100: 3, 300: 3, 1000: 3, 3000: 1, 10_000: 1}
"""Rows to train on -> seeds, each with a sample of its own."""
FEWEST = 100
"""Rows of which each digit has enough for the models that hold some back."""
QUICK_FOLDER = ROOT / "build" / "compare-quick"


def parsed(arguments=None):
    """Return what was asked for, or end with a sentence."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", nargs="+", metavar="MODEL", help="some models; else all")
    parser.add_argument("--n-train", nargs="+", type=int, metavar="N", help="rows to train on")
    parser.add_argument("--seeds", nargs="+", type=int, metavar="SEED", help="seeds of every model")
    parser.add_argument(
        "--quick", action="store_true", help="bundled digits, one seed, under two minutes"
    )
    parser.add_argument("--full", action="store_true", help="the curves as well")
    parser.add_argument("--out", type=Path, help="folder of the JSONs")
    chosen = parser.parse_args(arguments)
    if chosen.quick and chosen.full:
        parser.error("--quick and --full are two comparisons; ask for one")
    if min(chosen.n_train or [FEWEST]) < FEWEST:
        parser.error(f"--n-train got {min(chosen.n_train)}; at least {FEWEST} rows are needed")
    if min(chosen.seeds or [0]) < 0:
        parser.error(f"--seeds got {min(chosen.seeds)}; a seed is 0 or more")
    unknown = [name for name in chosen.models or [] if name not in MODELS]
    if unknown:
        parser.error(f"unknown model {', '.join(unknown)}; the models are {', '.join(MODELS)}")
    for name in chosen.models or []:
        if MODELS[name].missing:
            parser.error(
                f"{name} needs {' and '.join(MODELS[name].missing)}, not installed here: "
                "pip install 'sklearn_lenet[bench]'"
            )
    chosen.models = chosen.models or list(MODELS)
    chosen.out = chosen.out or (QUICK_FOLDER if chosen.quick else FOLDER)
    return chosen


def planned(chosen):
    """Return all runs that were asked for, those of a model together."""
    plan = []
    for name in chosen.models:
        spec = MODELS[name]
        if spec.missing:
            continue
        seeds = chosen.seeds or list(range(1 if chosen.quick else spec.seeds))
        for n_rows in chosen.n_train or [None]:
            plan += [Run(name, n_rows, seed, thorough=True) for seed in seeds]
        if chosen.full and spec.curve:
            for n_rows, n_seeds in CURVE.items():
                plan += [Run(name, n_rows, seed, thorough=False) for seed in range(n_seeds)]
    return plan


def together(plan):
    """Return the runs that share a process: a thorough one is alone, those of a curve are not."""
    groups = groupby(plan, key=lambda run: run if run.thorough else run.model)
    return [list(group) for _, group in groups]


def compare(chosen):
    """Measure what is not measured yet, and return the runs that failed."""
    results, failed = Results(chosen.out), []
    plan = planned(chosen)
    open_runs = [run for run in plan if not results.has(run)]
    source = "bundled digits" if chosen.quick else "MNIST"
    runs.SOURCES[source]()  # without data nothing is started
    with tqdm(total=len(plan), initial=len(plan) - len(open_runs), unit="run") as progress:
        for group in together(open_runs):
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
