"""The tables and plots of both READMEs are those of the committed JSON files, and are complete."""

import re

import compare
import pytest
import report
from _record import ROOT, between_marks, load
from comparison import plots, tables
from comparison.models import MODELS
from comparison.results import Results
from comparison.run import Run, call


@pytest.fixture(scope="module")
def results():
    return Results()


def test_both_readmes_show_the_measured_figures(results):
    for readme, parts in report.sections(results).items():
        text = readme.read_text()
        for name, lines in parts.items():
            assert between_marks(text, name).splitlines() == lines, name


def test_the_plots_show_the_measured_figures(results):
    for name, (shown, _) in report.figures(results).items():
        assert plots.digest_of(report.PLOTS / f"{name}.png") == report.digest(shown), name


def test_every_model_was_measured_on_all_of_mnist(results):
    full = results.full()
    assert list(full) == [name for name, spec in MODELS.items() if not spec.most_rows]
    for name, runs in full.items():
        assert [one["seed"] for one in runs] == list(range(MODELS[name].seeds))
        for one in runs:
            assert one["rows"] == 60_000
            assert one["predicted_rows"] == 10_000
            assert one["call"] == call(Run(name, None, one["seed"], thorough=True))
            assert not one["environment"]["uncommitted_changes"]
        assert ("disturbed" in runs[0]) == MODELS[name].disturbed
    assert not [path for path in results.folder.iterdir() if path.stem not in MODELS]


def test_every_curve_has_all_numbers_of_rows(results):
    for name, frame in tables.curve(results).items():
        most_rows = MODELS[name].most_rows or 60_000
        expected = [n for n in [*compare.CURVE, 60_000] if n <= most_rows]
        assert frame.index.tolist() == expected, name
    assert len(tables.curve(results)) == sum(spec.curve for spec in MODELS.values())


def test_the_whole_comparison_takes_less_than_two_and_a_quarter_hours(results):
    spent = sum(run["seconds"] for name in MODELS for run in results.of(name))
    spent += sum(one["seconds"] for one in load("grid_search")["searches"])
    assert spent < 2.25 * 60 * 60


def test_the_text_of_the_readme_contains_no_figures():
    """No accuracy, ratio or time is written outside of the marks."""
    text = (ROOT / "benchmarks" / "README.md").read_text()
    told = re.sub(r"<!-- (.*?) -->.*?<!-- end of \1 -->", "", text, flags=re.DOTALL)
    assert not re.findall(r"\d+\.\d+ ?(?:%|s\b|ms)", told.replace("0.5 %", ""))
