"""Write the tables and plots of both READMEs from the JSON files: ``make bench-report``."""

import hashlib
import json
from pathlib import Path

import _scale_batches
import _scale_plot
import _scale_tables
import ablation
import accuracy
import grid_search
import hands
import lines
import pandas as pd
import reading
import scale
import speed
import styles
import tune
import unknown
from _record import ROOT, load, put_between_marks
from comparison import plots, tables, words
from comparison.disturbances import DISTURBANCES
from comparison.results import Results

HERE = Path(__file__).resolve().parent
PLOTS = HERE / "plots"


def tuned():
    """Return, for each tuned model, the best settings and the accuracies of the candidates."""
    table = {}
    for name in tune.CANDIDATES:
        tried = load(f"tune/{name}")["tried"]
        table[name] = {
            "best settings": ", ".join(f"{k}={v!r}" for k, v in tried[0]["settings"].items()),
            "best, %": f"{100 * tried[0]['accuracy']:.2f}",
            "second best, %": f"{100 * tried[1]['accuracy']:.2f}",
            "worst, %": f"{100 * tried[-1]['accuracy']:.2f}",
            "candidates": str(len(tried)),
        }
    return pd.DataFrame.from_dict(table, orient="index")


def under_disturbances(full):
    """Return the Markdown lines of one table per disturbance."""
    lines = []
    for name, frame in tables.disturbed(full).items():
        frame = (100 * frame).map("{:.1f}".format).rename(columns=str)
        unit = DISTURBANCES[name][2]
        lines += ["", f"{name.capitalize()} ({unit}):", "", *tables.as_markdown(frame, "model")]
    return lines[1:]


def sections(results):
    """Return the generated lines of both READMEs: file -> mark -> lines."""
    full = results.full()
    names = list(full)
    quality = tables.overview(full, names, list(tables.QUALITY))
    scales = load("scale")
    costs = tables.overview(full, names, list(tables.COSTS))
    brief = words.brief_table(full)
    return {
        ROOT / "README.md": {
            "accuracy": accuracy.tables(load("accuracy")),
            "speed": speed.table(load("speed")),
            "compare": [
                *tables.as_markdown(brief, "MNIST"),
                "",
                *words.below_the_brief_table(full),
            ],
        },
        HERE / "README.md": {
            "pick": words.what_to_pick(full, results),
            "answers": tables.as_markdown(tables.claims(full), "measure"),
            "quality": tables.as_markdown(quality, "model"),
            "costs": [*tables.as_markdown(costs, "model"), "", tables.environment_sentence(full)],
            "paper": tables.as_markdown(tables.beside_lecun_1998(full), tables.LECUN_1998),
            "curve": [
                *tables.as_markdown(tables.curve_table(results), "model"),
                "",
                words.cost_of_copies(results),
            ],
            "disturbances": under_disturbances(full),
            "reading": reading.table(load("reading")),
            "lines": lines.table(load("lines")),
            "hands": hands.table(load("hands")),
            "styles": styles.table(load("styles")),
            "unknown": unknown.table(load("unknown")),
            "scale": scale.table(scales),
            "scale model": _scale_tables.tables(scales["model"]),
            "scale batches": _scale_batches.table(scales["batch"]),
            "settings": tables.as_markdown(tables.settings(full), "model"),
            "tune": tables.as_markdown(tuned(), "model"),
            "ablation": ablation.table(load("ablation")),
            "grid search": tables.as_markdown(grid_search.table(load("grid_search")), "model"),
        },
    }


def figures(results):
    """Return the plots: name -> the figures that it shows, and the function that draws it."""
    full = results.full()
    points = {
        name: [
            [run[measure] for measure in ("accuracy", "fit_seconds", "predict_seconds")]
            for run in runs
        ]
        for name, runs in full.items()
    }
    model = load("scale")["model"]
    curve, disturbed = tables.curve(results), tables.disturbed(full)
    return {
        "curves": (_plain(curve), lambda: plots.curves(curve)),
        "disturbances": (_plain(disturbed), lambda: plots.disturbances(disturbed)),
        "pareto": (points, lambda: plots.pareto(full)),
        "scale": (model["curves"], lambda: _scale_plot.draw(model)),
    }


def digest(shown):
    """Return a short digest of the figures that a plot shows."""
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:16]


def _plain(frames):
    return {name: json.loads(frame.to_json(orient="split")) for name, frame in frames.items()}


def main():
    """Write all tables and plots."""
    results = Results()
    for readme, parts in sections(results).items():
        text = readme.read_text()
        for name, content in parts.items():
            text = put_between_marks(text, name, content)
        readme.write_text(text)
    for name, (shown, draw) in figures(results).items():
        plots.save(draw, PLOTS / f"{name}.png", digest(shown))


if __name__ == "__main__":
    main()
