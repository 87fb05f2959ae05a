"""Results on disk: one JSON file per model. Each run is written as soon as it is done."""

import json
from pathlib import Path

from _record import RESULTS, save_at

from .models import MODELS
from .run import call

FOLDER = RESULTS / "compare"
ALL_ROWS = 10**9
"""Stands for ``n_rows=None`` when runs are compared by their number of rows."""

REQUIRED_KEYS = {"call", "n_rows", "seed", "thorough"}


class Results:
    """The runs in a folder."""

    def __init__(self, folder=FOLDER):
        self.folder = Path(folder)

    def of(self, name):
        """Return the runs of a model; an empty list if the file is missing or damaged."""
        try:
            runs = json.loads((self.folder / f"{name}.json").read_text())["runs"]
            return runs if all(set(run) >= REQUIRED_KEYS for run in runs) else []
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return []

    def has(self, run):
        """Return whether the run is done, without an error and with the present settings."""
        done = [_key(result) for result in self.of(run.model) if "error" not in result]
        return _key(_fields(run)) in done

    def add(self, run, result):
        """Add a run to the file of its model. It replaces an earlier run of this kind."""
        new = _fields(run) | result
        kept = [old for old in self.of(run.model) if _key(old)[:3] != _key(new)[:3]]
        runs = sorted([*kept, new], key=lambda each: (each["n_rows"] or ALL_ROWS, each["seed"]))
        save_at(self.folder / f"{run.model}.json", {"model": run.model, "runs": runs})

    def full(self):
        """Return the thorough runs on the largest number of rows, for each model that has any."""
        full = {}
        for name in MODELS:
            runs = [run for run in self.of(name) if run["thorough"]]
            most = max((run["n_rows"] or ALL_ROWS for run in runs), default=0)
            if runs:
                full[name] = [run for run in runs if (run["n_rows"] or ALL_ROWS) == most]
        return full


def _fields(run):
    return {"call": call(run), "n_rows": run.n_rows, "seed": run.seed, "thorough": run.thorough}


def _key(run):
    return run["n_rows"], run["seed"], run["thorough"], run["call"]
