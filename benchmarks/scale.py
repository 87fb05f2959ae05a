"""Claim: a cluster of Dask trains, searches, reads and predicts what one machine cannot.

``python benchmarks/scale.py`` measures on workers of one thread on this machine, and calculates
from the measured times what more machines would bring. ``python benchmarks/scale.py epoch model``
measures some of the parts. Each part is written to ``results/scale.json`` when it is done.
``--quick`` tries the parts with little data, and writes nothing. The benchmark needs MNIST and an
idle machine with two cores.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

from _record import RESULTS, environment, load, save
from _workers import medians

PARTS = {
    "epoch": "_scale_parts",
    "accuracy": "_scale_parts",
    "search": "_scale_parts",
    "reading": "_scale_parts",
    "memory": "_scale_memory",
    "predict": "_scale_memory",
    "model": "_scale_checks",
    "batch": "_scale_batches",
}
"""Part -> the file with its function. Workers import this file; the others would fill them."""


def measured(part, quick=False):
    """Return the result of a part."""
    sizes = import_module("_scale_parts")
    return getattr(import_module(PARTS[part]), part)(sizes.QUICK if quick else sizes.FULL)


class Target(NamedTuple):
    """A row of the table: a figure of a part, and what it must reach."""

    part: str
    name: str
    figure: Callable
    unit: str
    reach: float
    at_least: bool = False

    def cells(self, result):
        """Return the cells of the row."""
        value = self.figure(result)
        reached = value >= self.reach if self.at_least else value <= self.reach
        sign = "at least " if self.at_least else "at most "
        shown = [self.unit.format(v) for v in (value, self.reach)]
        return [self.name, shown[0], sign + shown[1], "yes" if reached else "**no**"]


def ratio(*others):
    """Return a function: the median of the first contender over the least median of others."""

    def of(result):
        first, *rest = medians(result["rounds"]).items()
        return first[1] / min(median for name, median in rest if not others or name in others)

    return of


def points_apart(result):
    """Return by how many points the mean accuracies differ."""
    shared, alone = (statistics.mean(values) for values in result["accuracies"].values())
    return 100 * abs(shared - alone)


def most_memory(result):
    """Return the memory in MB of the worker that takes most."""
    return max(result["megabytes"])


RATIO, MEGABYTES = "{:.2f}", "{:,.0f} MB"

TARGETS = [
    Target(
        "epoch",
        "epoch of MNIST, two workers / one process of one thread",
        ratio("one process, threads: 1"),
        RATIO,
        0.60,
    ),
    Target(
        "epoch",
        "the same / one process of two threads",
        ratio("one process, threads: 2"),
        RATIO,
        1.0,
    ),
    Target(
        "accuracy",
        "accuracy after the default recipe, two workers and one process apart",
        points_apart,
        "{:.3f} points",
        0.05,
    ),
    Target("search", "`GridSearchCV` of 8 points, Dask / joblib", ratio(), RATIO, 1.15),
    Target("reading", "reading 2,000 pictures, two workers / one process", ratio(), RATIO, 0.55),
    Target(
        "memory",
        "an epoch of 2,000,000 rows on disk, memory of a worker",
        most_memory,
        MEGABYTES,
        700,
    ),
    Target(
        "predict",
        "1,000,000 rows predicted from disk, memory of a worker",
        most_memory,
        MEGABYTES,
        700,
    ),
    Target(
        "predict",
        "the same, rows a second",
        lambda result: result["rows_a_second"],
        "{:,.0f}",
        30_000,
        at_least=True,
    ),
]


def table(result):
    """Return the lines of the table of targets."""
    lines = ["| measure | measured | target | reached |", "|---|---|---|---|"]
    for target in TARGETS:
        if target.part in result:
            lines.append(f"| {' | '.join(target.cells(result[target.part]))} |")
    return [*lines, "", *_sentences(result)]


def _sentences(result):
    """Return what the figures are, and where they were measured."""
    where = next(iter(result.values()))["environment"]
    lines = [
        "Times are medians; each contender has its own process, is warm, and runs in turn with the "
        "others. A worker is a process of one thread. Its memory is the largest resident set in "
        "its life, and includes torch and Dask. The time of reading is compared with the faster of "
        "one worker and a loop without Dask, which writes the same table.",
    ]
    if "memory" in result:
        part = result["memory"]
        lines.append(
            f"Before the fit, a worker had {max(part['megabytes_before']):,.0f} MB; loading and "
            f"the epoch took {part['seconds']:,.0f} s, the epoch {part['epoch_seconds']:,.0f} s."
        )
    lines.append(
        f"{where['cpu']}, {where['cores']} cores, torch {where['versions']['torch']}. Measured "
        "with `make bench-scale`; the results are in `benchmarks/results/scale.json`."
    )
    return [" ".join(lines)]


def keep(part, result):
    """Write the result of a part into the JSON file, beside those of the other parts."""
    kept = load("scale") if (RESULTS / "scale.json").exists() else {}
    kept[part] = {"environment": environment()} | result
    save("scale", {name: kept[name] for name in PARTS if name in kept})


def main():
    """Measure all parts, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=[*PARTS, "all"], default="all")
    parser.add_argument("--quick", action="store_true", help="little data; nothing is written")
    chosen = parser.parse_args()
    for part in PARTS if chosen.parts == "all" else chosen.parts:
        print(part, flush=True)
        start = time.perf_counter()
        result = measured(part, chosen.quick)
        print(f"  {result}\n  took {time.perf_counter() - start:.0f} s", flush=True)
        if not chosen.quick:
            keep(part, result)
    if not chosen.quick:
        print("\n".join(table(load("scale"))))


if __name__ == "__main__":
    main()
