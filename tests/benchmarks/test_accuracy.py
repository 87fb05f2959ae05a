"""The accuracies in the README are those of the committed JSON file, and the file is consistent."""

import accuracy
import numpy as np
import pytest
from _record import ROOT, between_marks, load


def test_the_readme_shows_the_measured_accuracies():
    readme = (ROOT / "README.md").read_text()
    assert between_marks(readme, "accuracy").splitlines() == accuracy.tables(load("accuracy"))


def test_the_measured_code_is_in_the_repository():
    assert not load("accuracy")["environment"]["uncommitted_changes"]


def test_the_json_file_tells_correctly_which_targets_are_reached():
    measured = load("accuracy")
    assert list(measured["mnist"]) == list(accuracy.MNIST)
    assert list(measured["digits"]) == list(accuracy.DIGITS)
    for row in [*measured["mnist"].values(), *measured["digits"].values()]:
        assert len(row["accuracies"]) == len(measured["seeds"]) == 5
        if row["reach"] is not None:
            assert row["holds"] == (np.mean(row["accuracies"]) >= row["reach"])
    for name, (cls, parameters, n_rows, reach) in accuracy.MNIST.items():
        row = measured["mnist"][name]
        assert (row["call"], row["rows"]) == (accuracy.call(cls, parameters), n_rows)
        assert row["reach"] == reach
    for name, (_, reach) in accuracy.DIGITS.items():
        assert measured["digits"][name]["reach"] == reach


@pytest.mark.parametrize(
    ("accuracies", "target", "shown"),
    [
        ([0.99, 0.992], 0.99, "99.00 %"),
        ([0.97, 0.99], 0.99, "99.00 %, **missed**"),
        ([1], None, ""),
    ],
)
def test_a_missed_target_is_marked_in_the_table(accuracies, target, shown):
    assert accuracy.target_of(accuracy.scored(accuracies, target)) == shown


def test_names_are_displayed_with_the_usual_terms():
    assert set(accuracy.DISPLAYED_NAMES) <= set(accuracy.MNIST)
    table = "\n".join(accuracy.tables(load("accuracy")))
    assert "| LeNet-5, one epoch |" in table
    assert "one pass" not in table
