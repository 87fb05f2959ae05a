"""What was measured: a JSON a model, in which every run is written as soon as it is done."""

import json
from pathlib import Path

from _record import RESULTS, save_at

from .models import MODELS
from .run import call

FOLDER = RESULTS / "compare"
ALWAYS = {"call", "n_rows", "seed", "thorough"}


class Results:
    """The runs in a folder."""

    def __init__(self, folder=FOLDER):
        self.folder = Path(folder)

    def of(self, name):
        """Return the model's runs; none where the file is missing or not whole."""
        try:
            runs = json.loads((self.folder / f"{name}.json").read_text())["runs"]
            return runs if all(set(run) >= ALWAYS for run in runs) else []
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return []

    def has(self, run):
        """Return whether the run is there, without an error and with today's settings."""
        found = [_key(kept) for kept in self.of(run.model) if "error" not in kept]
        return _key(_named(run)) in found

    def add(self, run, result):
        """Write a run into its model's file, in place of one like it."""
        new = _named(run) | result
        kept = [old for old in self.of(run.model) if _key(old)[:3] != _key(new)[:3]]
        runs = sorted([*kept, new], key=lambda one: (one["n_rows"] or 10**9, one["seed"]))
        save_at(self.folder / f"{run.model}.json", {"model": run.model, "runs": runs})

    def full(self):
        """Return by model the thorough runs on the most rows, of all models that have any."""
        found = {}
        for name in MODELS:
            runs = [run for run in self.of(name) if run["thorough"]]
            most = max((run["n_rows"] or 10**9 for run in runs), default=0)
            if runs:
                found[name] = [run for run in runs if (run["n_rows"] or 10**9) == most]
        return found


def _named(run):
    return {"call": call(run), "n_rows": run.n_rows, "seed": run.seed, "thorough": run.thorough}


def _key(run):
    return run["n_rows"], run["seed"], run["thorough"], run["call"]
