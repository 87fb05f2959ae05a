"""The table, the CSV and the JSON of `sklearn-lenet predict`, without a model."""

import csv
import io
import json

import numpy as np

from sklearn_lenet import Digit
from sklearn_lenet.cli._formats import as_csv, as_json, as_table
from sklearn_lenet.reading import Answer

CLASSES = np.array([0, 1])


def digit(label, *flags, line=0, confidence=0.98):
    probabilities = np.array([1 - confidence, confidence])
    return Digit(label, confidence, (1, 2, 3, 4), probabilities, line, frozenset(flags), None)


FLAGGED = [
    Answer("a.png", [digit(1), digit(1, "touching"), digit(0, "cut", "maybe-not-a-digit")]),
    Answer("b.png", [digit(1)]),
]


def test_the_table_lists_flags_with_labels():
    head, first, second = as_table(FLAGGED, CLASSES).splitlines()
    assert head.split() == ["file", "digits", "confidence", "notes"]
    assert first.split(maxsplit=3) == [
        "a.png",
        "110",
        "98.0%",
        "cut: 0, maybe-not-a-digit: 0, touching: 1",
    ]
    assert second.split() == ["b.png", "1", "98.0%"]


def test_the_table_names_both_labels_of_an_unsure_digit():
    line = as_table([Answer("a.png", [digit(1, confidence=0.75)])], CLASSES).splitlines()[1]
    assert line.split(maxsplit=3)[3] == "1 75.0% or 0 25.0%"


def test_lines_and_long_labels_are_separated():
    answers = [
        Answer("a.png", [digit(1), digit(0, line=1)]),
        Answer("b.png", [digit("ten"), digit("one")]),
    ]
    lines = as_table(answers, np.array(["one", "ten"])).splitlines()
    assert lines[1].startswith("a.png  1 / 0 ")
    assert lines[2].startswith("b.png  ten one ")


def test_csv_has_columns_for_flags():
    rows = list(csv.DictReader(io.StringIO(as_csv(FLAGGED, CLASSES))))
    assert [row["flags"] for row in rows] == ["", "touching", "cut maybe-not-a-digit", ""]
    assert [row["needs_review"] for row in rows] == ["False", "True", "True", "False"]
    assert [row["bottom"] for row in rows] == ["4"] * 4
    assert "touching" not in rows[0]


def test_json_has_keys_for_flags():
    digits = json.loads(as_json(FLAGGED, CLASSES))[0]["digits"]
    assert [digit["flags"] for digit in digits] == [[], ["touching"], ["cut", "maybe-not-a-digit"]]
    assert [digit["needs_review"] for digit in digits] == [False, True, True]


def test_an_error_is_one_line_in_each_format():
    answers = [Answer("a.png", [], "a.png is broken.")]
    assert as_table(answers, CLASSES).splitlines()[1].split() == ["a.png", "not", "read"]
    (row,) = csv.DictReader(io.StringIO(as_csv(answers, CLASSES)))
    assert (row["file"], row["label"], row["error"]) == ("a.png", "", "a.png is broken.")
    assert json.loads(as_json(answers, CLASSES)) == [{"file": "a.png", "error": "a.png is broken."}]
