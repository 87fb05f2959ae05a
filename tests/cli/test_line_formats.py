"""What is printed for lines: table, JSON and CSV, also of files that were not read."""

import csv
import io
import json

from sklearn_lenet import LineDigit, LineReading
from sklearn_lenet.cli._line_formats import lines_as_csv, lines_as_json, lines_as_table
from sklearn_lenet.reading import Box, LineAnswer

READING = LineReading(
    "12",
    0.75,
    [
        LineDigit("1", 0.96, Box(1, 2, 3, 4), (0.96, 0.03)),
        LineDigit("2", 0.8, Box(5, 2, 9, 4), (0.1, 0.8)),
    ],
)
ANSWERS = [
    LineAnswer("a.png", READING),
    LineAnswer("blank.png", LineReading("", 0.9, [])),
    LineAnswer("b.png", None, "b.png is empty"),
]


def test_the_table_has_one_line_per_file():
    lines = [line.split("  ") for line in lines_as_table(ANSWERS).splitlines()]
    cells = [[cell.strip() for cell in line if cell.strip()] for line in lines]
    assert cells == [
        ["file", "text", "confidence", "least sure digit"],
        ["a.png", "12", "75.0%", "2 80.0%"],
        ["blank.png", '""', "90.0%"],
        ["b.png", "not read"],
    ]


def test_csv_has_the_text_or_the_error():
    rows = list(csv.DictReader(io.StringIO(lines_as_csv(ANSWERS))))
    assert [row["text"] for row in rows] == ["12", "", ""]
    assert [row["error"] for row in rows] == ["", "", "b.png is empty"]
    assert float(rows[0]["confidence"]) == 0.75


def test_json_has_the_digits_with_their_boxes():
    first, blank, broken = json.loads(lines_as_json(ANSWERS))
    assert first["text"] == "12"
    assert first["digits"][1] == {"label": "2", "confidence": 0.8, "box": [5, 2, 9, 4]}
    assert blank["digits"] == []
    assert broken == {"file": "b.png", "error": "b.png is empty"}
