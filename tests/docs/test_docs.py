"""Docstrings are numpydoc, whole, with an example that runs; the site's pages name what exists."""

import inspect
import re
import runpy
from pathlib import Path

import pytest
from numpydoc.validate import validate

import sklearn_lenet

DOCS = Path(__file__).parents[2] / "docs"
# What is not asked for, and why.
LEFT_OUT = {
    "SA01": "not everything has something to see also",
    "SA04": "nor do those that are seen need words on this page",
    "ES01": "a summary that says it all needs no more",
    "EX01": "methods are shown in their class's example; public names are held to one below",
    "GL01": "the summary stands on the first line, as ruff has it",
    "RT03": "`self : object` and what it is are enough",
    "RT02": "the one thing that is returned has a name, as in scikit-learn",
}


def public_objects():
    """Yield the dotted name of every public thing, and of every public method written here."""
    for name in sklearn_lenet.__all__:
        thing = getattr(sklearn_lenet, name)
        yield f"sklearn_lenet.{name}"
        if not inspect.isclass(thing) or issubclass(thing, Exception):
            continue
        for method, value in inspect.getmembers(thing, callable):
            here = getattr(value, "__module__", None) or ""
            if not method.startswith("_") and here.startswith("sklearn_lenet"):
                yield f"sklearn_lenet.{name}.{method}"


@pytest.mark.parametrize("name", sorted(public_objects()))
def test_docstrings_are_numpydoc(name):
    found = [(code, text) for code, text in validate(name)["errors"] if code not in LEFT_OUT]
    assert found == []


@pytest.mark.parametrize("name", sklearn_lenet.__all__)
def test_every_public_name_has_an_example(name):
    assert ">>> " in inspect.getdoc(getattr(sklearn_lenet, name))


def test_the_reference_lists_every_public_name():
    listed = re.findall(r"^    (\w+)$", (DOCS / "api.rst").read_text(), re.MULTILINE)
    assert sorted(listed) == sklearn_lenet.__all__


def test_pages_name_what_exists():
    for page in DOCS.rglob("*.rst"):
        if "generated" in page.parts or "auto_examples" in page.parts:
            continue
        for name in re.findall(r"`sklearn_lenet\.(\w+)`", page.read_text()):
            assert name in sklearn_lenet.__all__, f"{page.name} names {name}"


def test_the_papers_layers_stand_beside_ours():
    table = runpy.run_path(str(DOCS / "tables.py"))["paper_beside_ours"]()
    assert table.loc["in all"].tolist() == ["", "60,000", "340,908", "", "61,706", "429,342"]
    assert table.loc["C3"].tolist()[1:3] == ["1,516", "151,600"]
