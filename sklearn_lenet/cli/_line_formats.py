"""What `sklearn-lenet predict` prints for a line reader: a table, JSON or CSV."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ..reading import LINE_COLUMNS, LineAnswer, line_row
from ._formats import csv_text
from ._messages import shown


def lines_as_table(answers: Sequence[LineAnswer]) -> str:
    """Return one line per file: the text, its confidence, and the least sure digit."""
    rows = [("file", "text", "confidence", "least sure digit")]
    for answer in answers:
        if answer.reading is None:
            rows.append((shown(answer.file), "", "", "not read"))
            continue
        reading = answer.reading
        least = min(reading.digits, key=lambda digit: digit.confidence, default=None)
        doubt = "" if least is None else f"{least.label} {least.confidence:.1%}"
        rows.append((shown(answer.file), reading.text or '""', f"{reading.confidence:.1%}", doubt))
    widths = [max(len(row[k]) for row in rows) for k in range(4)]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) for row in rows]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def lines_as_json(answers: Sequence[LineAnswer]) -> str:
    """Return all results as JSON."""
    return json.dumps([_plain(answer) for answer in answers], indent=2) + "\n"


def _plain(answer: LineAnswer) -> dict[str, Any]:
    if answer.reading is None:
        return {"file": answer.file, "error": answer.error}
    return {
        "file": answer.file,
        "text": answer.reading.text,
        "confidence": round(answer.reading.confidence, 6),
        "digits": [
            {
                "label": digit.label,
                "confidence": round(digit.confidence, 6),
                "box": list(digit.box),
            }
            for digit in answer.reading.digits
        ],
    }


def lines_as_csv(answers: Sequence[LineAnswer]) -> str:
    """Return one line per file: its text, or the error for a file that was not read."""
    return csv_text(LINE_COLUMNS, map(line_row, answers))
