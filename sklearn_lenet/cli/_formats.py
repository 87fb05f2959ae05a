"""What `sklearn-lenet predict` prints: a table, JSON or CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..reading import UNCERTAIN, Answer, Digit, digit_columns, digit_rows
from ._messages import shown


def as_table(answers: Sequence[Answer], classes: NDArray[Any]) -> str:
    """Return one line per file: its digits, and the confidence of the least sure one."""
    rows = [("file", "digits", "confidence", "notes")]
    for answer in answers:
        if answer.error:
            rows.append((shown(answer.file), "", "", "not read"))
            continue
        least = min(answer.digits, key=lambda digit: digit.confidence)
        rows.append(
            (
                shown(answer.file),
                _joined(answer.digits),
                f"{least.confidence:.1%}",
                ", ".join(filter(None, [_second(least, classes), _flags(answer.digits)])),
            )
        )
    widths = [max(len(row[k]) for row in rows) for k in range(4)]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) for row in rows]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _joined(digits: Sequence[Digit]) -> str:
    """Return the labels as text: a slash between lines, spaces between long labels.

    >>> _joined([])
    ''
    """
    lines: dict[int, list[str]] = {}
    for digit in digits:
        lines.setdefault(digit.line, []).append(str(digit.label))
    gap = "" if all(len(label) == 1 for line in lines.values() for label in line) else " "
    return " / ".join(gap.join(line) for line in lines.values())


def _second(digit: Digit, classes: NDArray[Any]) -> str:
    """Return the two most probable labels of a digit that is not sure."""
    best, second = np.argsort(-digit.probabilities)[:2] if len(classes) > 1 else (0, 0)
    if digit.confidence > 0.95 and digit.label != UNCERTAIN:
        return ""
    either = [f"{classes[k]} {digit.probabilities[k]:.1%}" for k in (best, second)]
    return " or ".join(either)


def _flags(digits: Sequence[Digit]) -> str:
    """Return each flag with the labels of the digits that have it.

    >>> _flags([])
    ''
    """
    labels: dict[str, list[str]] = {}
    for digit in digits:
        for flag in digit.flags:
            labels.setdefault(flag, []).append(str(digit.label))
    return ", ".join(f"{flag}: {' '.join(labels[flag])}" for flag in sorted(labels))


def as_json(answers: Sequence[Answer], classes: NDArray[Any]) -> str:
    """Return all results as JSON."""
    names = [str(label) for label in classes]
    told = [
        {"file": answer.file, "error": answer.error}
        if answer.error
        else {
            "file": answer.file,
            "text": _joined(answer.digits),
            "digits": [_plain(digit, names) for digit in answer.digits],
        }
        for answer in answers
    ]
    return json.dumps(told, indent=2) + "\n"


def _plain(digit: Digit, names: list[str]) -> dict[str, Any]:
    label = digit.label.item() if isinstance(digit.label, np.generic) else digit.label
    return {
        "label": label,
        "confidence": round(digit.confidence, 6),
        "box": list(digit.box),
        "line": digit.line,
        "flags": sorted(digit.flags),
        "needs_review": digit.needs_review,
        "probabilities": dict(
            zip(names, (round(float(p), 6) for p in digit.probabilities), strict=True)
        ),
    }


def as_csv(answers: Sequence[Answer], classes: NDArray[Any]) -> str:
    """Return one line per digit, and one line with the error for a file that was not read."""
    columns = digit_columns(classes)
    rows = (row for answer in answers for row in digit_rows(answer, len(columns)))
    return csv_text(columns, rows)


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a table as CSV, with six decimals.

    >>> print(csv_text(["file", "p_1", "error"], [("a.png", 0.25, None)]), end="")
    file,p_1,error
    a.png,0.250000,
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, float):
        return f"{value:.6f}"
    return shown(value) if isinstance(value, str) else value
