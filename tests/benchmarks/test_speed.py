"""The ratios in the README are those of the committed JSON file, and the file is consistent."""

import numpy as np
import pytest
import speed
from _record import ROOT, between_marks, load


def test_the_readme_shows_the_measured_ratios():
    readme = (ROOT / "README.md").read_text()
    assert between_marks(readme, "speed").splitlines() == speed.table(load("speed"))


def test_the_measured_code_is_in_the_repository():
    assert not load("speed")["environment"]["uncommitted_changes"]


def test_ratios_are_those_of_the_medians():
    for row in load("speed")["rows"]:
        ours, *others = (np.median(values) for values in row["rounds"].values())
        assert row["ratio"] == pytest.approx(ours / (min(others) * row["times"]))
        assert row["holds"] == (row["ratio"] <= row["reach"])


def test_the_json_file_has_the_rows_that_the_benchmark_measures():
    planned = [(row.name, row.against, row.target) for row in speed.measures("cpu")]
    kept = [(row["name"], row["against"], row["reach"]) for row in load("speed")["rows"]]
    assert kept == planned


def test_a_measure_divides_our_median_by_the_best_of_the_others(monkeypatch):
    results = {"ours": [3.0, 2.0, 9.0], "a": [8.0, 7.0, 9.0], "b": [4.0, 4.0, 4.0]}
    monkeypatch.setattr(speed, "alternate", lambda contenders, rounds: results)
    row = speed.measure(speed.Measure("fit", "the others", 0.4, {}, times=2.0))
    assert row["ratio"] == 3 / (4 * 2)
    assert row["holds"]
    assert (row["name"], row["against"], row["reach"]) == ("fit", "the others", 0.4)


def test_memory_is_measured_in_new_workers(monkeypatch):
    rounds_asked = []

    def in_new_workers(contenders, rounds):
        rounds_asked.append(rounds)
        return {"ours": [2.0], "other": [1.0]}

    monkeypatch.setattr(speed, "in_new_workers", in_new_workers)
    row = speed.measure(speed.Measure("memory", "other", 1.0, {}, rounds=speed.NEW_WORKERS))
    assert rounds_asked == [speed.ROUNDS]
    assert not row["holds"]
