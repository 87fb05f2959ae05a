"""Docstrings are complete numpydoc with an example, and the pages name only what exists."""

import inspect
import re
import runpy
from pathlib import Path

import pytest
from numpydoc.validate import validate

import sklearn_lenet

DOCS = Path(__file__).parents[2] / "docs"
# The checks of numpydoc that are left out, and why.
LEFT_OUT = {
    "SA01": "not every object has related objects",
    "SA04": "the entries of See Also need no description",
    "ES01": "an extended summary is not always needed",
    "EX01": "the example of a class shows its methods; a test below requires one for public names",
    "GL01": "the summary is on the first line, as ruff requires",
    "RT03": "`self : object` with a short description is enough",
    "RT02": "a single returned value has a name, as in scikit-learn",
}


def public_objects():
    """Yield the dotted names of all public objects, and of their methods that we define."""
    for name in sklearn_lenet.__all__:
        value = getattr(sklearn_lenet, name)
        yield f"sklearn_lenet.{name}"
        if not inspect.isclass(value) or issubclass(value, Exception):
            continue
        for method, function in inspect.getmembers(value, callable):
            module = getattr(function, "__module__", None) or ""
            if not method.startswith("_") and module.startswith("sklearn_lenet"):
                yield f"sklearn_lenet.{name}.{method}"


@pytest.mark.parametrize("name", sorted(public_objects()))
def test_docstrings_follow_numpydoc(name):
    errors = [(code, text) for code, text in validate(name)["errors"] if code not in LEFT_OUT]
    assert errors == []


@pytest.mark.parametrize("name", sklearn_lenet.__all__)
def test_every_public_name_has_an_example(name):
    assert ">>> " in inspect.getdoc(getattr(sklearn_lenet, name))


def test_the_reference_lists_every_public_name():
    listed = re.findall(r"^    (\w+)$", (DOCS / "api.rst").read_text(), re.MULTILINE)
    assert sorted(listed) == sklearn_lenet.__all__


def test_pages_name_only_objects_that_exist():
    for page in DOCS.rglob("*.rst"):
        if "generated" in page.parts or "auto_examples" in page.parts:
            continue
        for name in re.findall(r"`sklearn_lenet\.(\w+)`", page.read_text()):
            assert name in sklearn_lenet.__all__, f"{page.name} names {name}"


def test_the_layers_of_1998_are_beside_ours():
    table = runpy.run_path(str(DOCS / "tables.py"))["layers_of_1998"]()
    assert table.loc["in all"].tolist() == ["", "60,000", "340,908", "", "61,706", "429,342"]
    assert table.loc["C3"].tolist()[1:3] == ["1,516", "151,600"]
